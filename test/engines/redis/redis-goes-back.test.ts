import type { Redis } from 'ioredis'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Run } from '../../../src/dispatch/run.ts'
import { channelKeys, transcriptKeys } from '../../../src/engines/redis/keys.ts'
import { type Engine, openEngine } from '../../conformance/engines.ts'
import { keep } from '../../support/redis/keep.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { createTalk, type Talk } from '../../support/run/conversations.ts'
import { lineWorkOn } from '../../support/run/line-work.ts'
import { newKey } from '../../support/run/runs.ts'

let redis: Redis
let engine: Engine
/** What is kept grows with what is there. */
let empty: () => Promise<void>
beforeAll(async () => {
  const server = await startRedis()
  redis = (await connectRedisEngine(server.url)).redis
  engine = await openEngine({ REDIS_URL: server.url })
  empty = await keep(redis)
})

type Ports = Pick<Engine, 'runs' | 'lines' | 'transcripts'>

/** A store that loses its last commands when it has carried out the n-th: whoever sent them has their replies, and goes on. */
function losing({ at, lost }: { readonly at: number; readonly lost: number | (() => Promise<void>) }) {
  let count = 0
  let goBack = typeof lost === 'number' ? async () => {} : lost
  const names: string[] = []
  const wrapped = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get(target, property) {
        const method: unknown = Reflect.get(target, property)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          count += 1
          names.push(`${name}.${String(property)}`)
          if (typeof lost === 'number' && count === Math.max(1, at - lost + 1)) goBack = await keep(redis)
          const reply: unknown = await method.apply(target, args)
          if (count === at) await goBack()
          return reply
        }
      },
    })
  const ports: Ports = {
    runs: wrapped('runs', engine.runs),
    lines: wrapped('lines', engine.lines),
    transcripts: wrapped('transcripts', engine.transcripts),
  }
  return { ports, names, hasGoneBack: () => count >= at }
}

interface Scene {
  /** What the second dispatch asks for, and what it begins with. */
  readonly input: object
  readonly began: readonly string[]
}

const scenes: readonly (readonly [string, Scene])[] = [
  ['goes on', { input: {}, began: ['U1', 'A1', 'U2'] }],
  ['is cut', { input: { continuesUpTo: 'U1' }, began: ['U1', 'U2'] }],
]

/** So that nobody else's letting go takes it away. */
async function holdsItsTranscript({ key }: Pick<Run, 'key'>): Promise<boolean> {
  const [root = ''] = ((await redis.hget(channelKeys(key).head, 'transcript')) ?? '').split(' ')
  return (await redis.zscore(transcriptKeys(key.account, root).holders, key.channel)) !== null
}

/** Its line is moved on, its dispatch begun and ended, and its line moved on again. */
async function goOn(talk: Talk, second: Pick<Run, 'key'>, { began }: Scene, when: string): Promise<void> {
  await talk.lineWork.advance(talk.key)
  const run = await talk.find(second)
  expect(await talk.claim(run), when).toBe(true)
  expect(await holdsItsTranscript(run), when).toBe(true)
  await talk.finish(run, 'A2')
  await talk.lineWork.advance(talk.key)
  expect(await talk.transcript(run), when).toEqual([...began, 'A2'])
  expect(await talk.kept(), when).toEqual([...began, 'A2'])
}

describe.each(scenes)('a conversation that %s keeps what it has said, whatever Redis loses', (_name, scene) => {
  // Seed 1308 of the simulation: the list was lost between hold and begin, and the run referred to a list that was not there.
  test.each([1, 2, 3, 'the ending'] as const)('while its line is moved on: %s of its last commands', async (lost) => {
    const lostAfter = new Set<string>()
    for (let at = 1, isOver = false; !isOver; at++) {
      await empty()
      const talk = createTalk(engine)
      const first = await talk.say('U1')
      await talk.claim(first)
      const second = await talk.say('U2', scene.input)
      const unended = await keep(redis)
      await talk.finish(first, 'A1')
      const { ports, names, hasGoneBack } = losing({ at, lost: lost === 'the ending' ? unended : lost })
      await createTalk(engine, { ...ports, key: talk.key }).lineWork.advance(talk.key)
      isOver = !hasGoneBack()
      if (!isOver) lostAfter.add(names[at - 1] ?? '')
      // Whoever is told that it has not begun looks again, and leaves it to no sweep.
      if (names[at - 1] === 'transcripts.hold')
        expect((await talk.find(second)).turn?.isHeld).toBe(lost === 'the ending')
      if (lost === 'the ending' && !isOver) {
        // Another worker takes it over.
        await talk.claim(first)
        await talk.finish(first, 'A1')
      }
      await goOn(talk, second, scene, `after ${names[at - 1]}`)
    }
    expect(lostAfter).toContain('lines.settle')
    expect(lostAfter).toContain('runs.begin')
  })

  test.each([1, 2, 4, 8])('while a dispatch is accepted: %s of its last commands', async (lost) => {
    for (let at = 1, isOver = false; !isOver; at++) {
      await empty()
      const talk = createTalk(engine)
      const first = await talk.say('U1')
      await talk.claim(first)
      await talk.finish(first, 'A1')
      await talk.lineWork.advance(talk.key)
      const key = newKey()
      const { ports, names, hasGoneBack } = losing({ at, lost })
      const say = (over: Partial<Ports>) =>
        createTalk(engine, { ...over, key: talk.key }).say('U2', { ...scene.input, channelId: key.channel })
      await say(ports).catch(() => {})
      isOver = !hasGoneBack()
      const [run] = await engine.runs.find([key])
      if (run == null) {
        // Its client does not come again for now.
        await lineWorkOn({ ...engine, queue: { add: async () => {} } }, { absentMs: 0 }).tidy(talk.key)
        expect(await talk.kept(), `after ${names[at - 1]}`).toEqual(['U1', 'A1'])
        await say({})
      }
      await goOn(talk, { key }, scene, `after ${names[at - 1]}`)
    }
  })
})
