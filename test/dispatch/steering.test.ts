import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAddMessages, createHandMessages } from '../../src/dispatch/add-messages.ts'
import { mostUnheard } from '../../src/dispatch/added-messages.ts'
import type { Run } from '../../src/dispatch/run.ts'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import { channelKeys } from '../../src/engines/redis/keys.ts'
import { type Engine, engines, openEngine } from '../conformance/engines.ts'
import { connectRedisEngine } from '../support/redis/redis-engine.ts'
import { startRedis } from '../support/redis/redis-server.ts'
import { createTalk, type Talk } from '../support/run/conversations.ts'
import { Death, deathsOf, dying } from '../support/run/dying.ts'
import { ids, newKey } from '../support/run/runs.ts'

const steering = { whenBusy: 'steer' } as const

// run 28. What a run does with its messages is in worker/steering.
describe.each(engines)('steering on %s', (_name, open) => {
  let engine: Engine
  let talk: Talk
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    talk = createTalk(engine)
  })
  const finish = async (run: Run, answer: string) => {
    await talk.claim(run)
    await talk.finish(run, answer)
    await talk.lineWork.advance(talk.key)
  }

  test('an idle conversation gets a dispatch as any other', async () => {
    const first = await talk.say('U1', steering)
    await finish(first, 'A1')
    const second = await talk.say('U2', steering)
    expect(second.key).not.toEqual(first.key)
    await finish(second, 'A2')
    expect(await talk.kept()).toEqual(['U1', 'A1', 'U2', 'A2'])
  })

  test('goes to the one at work, not to those that wait behind it', async () => {
    const first = await talk.say('U1')
    const second = await talk.say('U2')
    expect((await talk.say('U3', steering)).key).toEqual(first.key)
    await finish(first, 'A1')
    await finish(second, 'A2')
    expect(await talk.kept()).toEqual(['U1', 'U3', 'A1', 'U2', 'A2'])
  })

  test('of several that come to an idle conversation at once, one is a dispatch, and the others steer it', async () => {
    const runs = await Promise.all(['U1', 'U2', 'U3', 'U4'].map((text) => talk.say(text, steering)))
    expect(new Set(runs.map(({ key }) => key.channel)).size).toBe(1)
    await finish(runs[0] as Run, 'A1')
    expect((await talk.kept())?.toSorted()).toEqual(['A1', 'U1', 'U2', 'U3', 'U4'])
  })

  test('a run that ends in the moment before it is handed them is followed by a dispatch of its own', async () => {
    const first = await talk.say('U1')
    await talk.claim(first)
    let hasEnded = false
    const runs: RunStore = {
      ...engine.runs,
      async add(key, addition) {
        if (!hasEnded) await talk.finish(first, 'A1')
        hasEnded = true
        return engine.runs.add(key, addition)
      },
    }
    const second = await createTalk(engine, { key: talk.key, runs }).say('U2', steering)
    expect(second.key).not.toEqual(first.key)
    expect(hasEnded).toBe(true)
    await finish(second, 'A2')
    expect(await talk.kept()).toEqual(['U1', 'A1', 'U2', 'A2'])
  })

  test('a conversation that is busy in the moment before the place is taken: whoever was first is steered', async () => {
    let first: Run | null = null
    const lines = {
      ...engine.lines,
      join: async (...args: Parameters<Engine['lines']['join']>) => {
        first ??= await talk.say('U1')
        return engine.lines.join(...args)
      },
    }
    const steered = await createTalk(engine, { key: talk.key, lines }).say('U2', steering)
    expect(steered.key).toEqual((first as Run | null)?.key)
    expect(await talk.line()).toEqual([steered.key.channel])
  })

  test('a place whose run is about to be created gets it first', async () => {
    const key = newKey()
    const join = { ticket: ids.nonce(), isRejoin: false, rejects: false, wish: null, upTo: null, contactId: null }
    await engine.lines.join(talk.key, { channel: key.channel, ...join })
    const saying = talk.say('U2', steering)
    const first = await talk.say('U1', { channelId: key.channel })
    expect((await saying).key).toEqual(first.key)
    await finish(first, 'A1')
    expect(await talk.kept()).toEqual(['U1', 'U2', 'A1'])
  })

  test('the same again, with a channel id and no ids of messages, is the same: while it runs, and when it has ended', async () => {
    const first = await talk.say('U1')
    const again = { ...steering, channelId: newKey().channel, messages: [{ type: 'user', text: 'More' }] }
    const saying = await Promise.all([talk.say('', again), talk.say('', again), talk.say('', again)])
    expect(saying.map(({ key }) => key)).toEqual([first.key, first.key, first.key])
    await finish(first, 'A1')
    expect((await talk.say('', again)).key).toEqual(first.key)
    const second = await talk.say('U2')
    // In its transcript.
    await talk.say('', again)
    await finish(second, 'A2')
    expect(await talk.kept()).toEqual(['U1', 'More', 'A1', 'U2', 'A2'])
  })

  test('wherever a process dies while it steers, the same call again has the message there once', async () => {
    for (const doing of ['idle', 'running', 'ending'] as const) {
      const points = await deathsOf(async (death) => {
        talk = createTalk(engine)
        const first = await talk.say('U1')
        if (doing === 'idle') await finish(first, 'A1')
        else await talk.claim(first)
        if (doing === 'ending') await talk.finish(first, 'A1')
        const { ports, hasDied } = dying(engine, death)
        const call = { ...steering, channelId: newKey().channel }
        await createTalk(engine, { ...ports, key: talk.key })
          .say('U2', call)
          .catch((error: unknown) => {
            if (!(error instanceof Death)) throw error
          })
        const run = await talk.say('U2', call)
        expect(run.key.channel === first.key.channel).toBe(doing === 'running')
        if (doing === 'running') await talk.finish(first, 'A1')
        else await finish(run, 'A2')
        await talk.lineWork.advance(talk.key)
        expect(await talk.kept()).toEqual(doing === 'running' ? ['U1', 'U2', 'A1'] : ['U1', 'A1', 'U2', 'A2'])
        return hasDied()
      })
      expect(points).toBeGreaterThan(4)
    }
  }, 60_000)

  test('a held dispatch that begins in the moment before it is handed what its transcript has does not get it twice', async () => {
    const first = await talk.say('U1')
    const second = await talk.say('U2')
    await talk.claim(first)
    let hasBegun = false
    const runs = {
      ...engine.runs,
      async add(...args: Parameters<RunStore['add']>) {
        if (!hasBegun) {
          hasBegun = true
          await talk.finish(first, 'A1')
          await talk.lineWork.advance(talk.key)
        }
        return engine.runs.add(...args)
      },
    }
    const hand = createHandMessages({ ...engine, runs, ids })
    await hand(second.key, { messages: [{ id: 'U1', type: 'user', text: 'U1' }], areNew: false })
    expect(hasBegun).toBe(true)
    expect(await talk.transcript(second)).toEqual(['U1', 'A1', 'U2'])
  })

  test('what is no message for a run that goes on is refused where the conversation is busy', async () => {
    const first = await talk.say('U1')
    const odd = [
      [{ attachments: [{ url: 'https://files.example/a' }] }, ['attachments']],
      [{ continuesUpTo: 'U1' }, ['continuesUpTo']],
      [{ messages: [{ type: 'backstory', text: 'Be kind.' }] }, ['messages', 0, 'type']],
    ] as const
    for (const [input, path] of odd) {
      const issues = [{ path: ['input', ...path] }]
      await expect(talk.say('U2', { ...steering, ...input })).rejects.toMatchObject({ code: 'CONFLICT', issues })
    }
    expect(await talk.transcript(first)).toEqual(['U1'])
  })

  test('takes no more than it may; what is too much is not written, and the run goes on', async () => {
    const first = await talk.say('U1')
    const addMessages = createAddMessages(createHandMessages({ ...engine, ids }), ids)
    const many = (count: number, text = 'x') =>
      Array.from({ length: count }, () => ({ id: null, type: 'user', text, meta: null }) as const)
    await addMessages(first.key, many(mostUnheard - 1))
    const tooMany = { code: 'LIMIT_EXCEEDED', issues: [{ path: ['input', 'messages'] }] }
    await expect(addMessages(first.key, many(2))).rejects.toMatchObject(tooMany)
    await addMessages(first.key, many(1))
    await expect(addMessages(first.key, many(1))).rejects.toMatchObject(tooMany)
    const claim = ids.nonce()
    await engine.runs.claim(first.key, { wake: 1, claim, tag: ids.tag(), lossLimit: 5 })
    const begun = { events: [{ type: 'iteration-started', iteration: 1 } as const], open: [] }
    const append = (heard: number) => engine.runs.append(first.key, { claim, seq: 1, tag: ids.tag(), heard, ...begun })
    expect((await append(mostUnheard - 1)).outcome).toBe('news')
    await expect(addMessages(first.key, many(1))).rejects.toMatchObject(tooMany)
    // Now its model has read them.
    expect((await append(mostUnheard)).outcome).toBe('applied')
    await addMessages(first.key, many(1))
    await expect(addMessages(newKey(), many(1))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      issues: [{ path: ['input', 'channelId'] }],
    })
    await expect(addMessages((await talk.say('U2')).key, many(2, 'x'.repeat(900_000)))).rejects.toMatchObject(tooMany)
  })
})

test('a worker of an earlier release, which compares the status as a whole, leaves a run with such messages alone', async () => {
  const { url } = await startRedis()
  const { redis } = await connectRedisEngine(url)
  const engine = await openEngine({ REDIS_URL: url })
  const talk = createTalk(engine)
  const hand = createHandMessages({ ...engine, ids })
  const add = (run: Run) =>
    hand(run.key, { messages: [{ id: ids.messageId(), type: 'user', text: 'More' }], areNew: true })
  const status = (run: Run) => redis.hget(channelKeys(run.key).run, 'status')
  const alone = { conversationId: null }
  const queued = await talk.say('U1', alone)
  await add(queued)
  expect(await status(queued)).toBe('queued+')
  const running = await talk.say('U1', alone)
  await talk.claim(running)
  await add(running)
  expect(await status(running)).toBe('running+')
  const waiting = await talk.say('U1', alone)
  await talk.claim(waiting)
  await talk.park(waiting)
  await add(waiting)
  expect(await status(waiting)).toBe('waiting+')
  await talk.answer(waiting)
  expect(await status(waiting)).toBe('queued+')
  // A held run of an empty conversation begins without a transcript.
  const first = await talk.say('U1')
  await talk.claim(first)
  const held = await talk.say('U2', { whenBusy: 'rollback' })
  await add(held)
  expect(await status(held)).toBe('held')
  await talk.stop(first, 'Half')
  await talk.lineWork.advance(talk.key)
  expect(await talk.transcript(held)).toEqual(['U2', 'More'])
  expect(await status(held)).toBe('queued+')
})
