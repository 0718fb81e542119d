import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { noUsage } from '../../../src/conversation/usage.ts'
import type { NewRun, NewTurn } from '../../../src/dispatch/run-store.ts'
import { defineScript } from '../../../src/engines/redis/connection.ts'
import { channelKeys, ledgerKeys } from '../../../src/engines/redis/keys.ts'
import type { AccountId, ChannelKey, ConversationId } from '../../../src/kernel/ids.ts'
import { connectRedisEngine, type RedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { createTalk, type Talk } from '../../support/run/conversations.ts'
import { takePlace } from '../../support/run/line-work.ts'
import { ids, newKey, newRun } from '../../support/run/runs.ts'
import { newWebhook } from '../../support/run/webhooks.ts'

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const current = (path: string) => textOf(`../../../src/engines/redis/${path}`)
const older = (name: string) =>
  [
    current('limits/ledger.lua'),
    current('channel/append.lua'),
    textOf('./older-release/run-fields.lua'),
    current('run/facts-page.lua'),
    textOf(`./older-release/${name}.lua`),
  ].join('\n')

/** A worker of the release before conversations, as its scripts. */
function olderWorker({ redis }: RedisEngine) {
  const keysOf = (key: ChannelKey) => {
    const { log, facts, head, topic, run, request, pending, answers, files } = channelKeys(key)
    const { held, ends } = ledgerKeys(key.account)
    return [log, facts, head, topic, run, request, pending, answers, files, held, ends]
  }
  const claim = defineScript(redis, 'older-claim', older('claim'))
  const append = defineScript(redis, 'older-append', older('append-run'))
  return {
    claim: async (key: ChannelKey, wake = 1) =>
      ((await claim(keysOf(key), [wake, 'older', ids.tag(), 5, '{}', '{}', 60, 60, 1_000_000])) as string[])[0],
    append: async (key: ChannelKey, held: string, seq: number) => {
      const kept = [held, seq, ids.tag(), 0, '', '', '', '', '', 60, 60, '', 0, 0]
      return ((await append(keysOf(key), [...kept, 'iteration-started', '{"iteration":1}'])) as string[])[0]
    },
  }
}

describe('while workers of the release before conversations are still at work', () => {
  let engine: RedisEngine
  let talk: Talk
  beforeAll(async () => {
    engine = await connectRedisEngine((await startRedis()).url)
  })

  const createHeld = async (key: ChannelKey, turn: NewTurn, over: Partial<NewRun> = {}) => {
    await takePlace(engine, key, turn)
    await engine.runs.create(key, newRun({ ...over, turn }))
  }
  const begin = (key: ChannelKey, turn: NewTurn) =>
    engine.runs.begin(key, { ...turn, transcript: null, refusal: null, bytes: 0, tag: ids.tag() })

  test('they have the runs that they can read', async () => {
    const worker = olderWorker(engine)
    const key = newKey()
    await engine.runs.create(key, newRun())
    expect(await worker.claim(key)).toBe('claimed')
    expect(await worker.append(key, 'older', 1)).toBe('applied')
  })

  test('where a webhook is to be told, a run is for workers of this release alone: they would end it without a word', async () => {
    const worker = olderWorker(engine)
    const key = { ...newKey(), account: 'account-with-a-webhook' as AccountId }
    const webhook = newWebhook()
    await engine.webhooks.create(key.account, webhook)
    await engine.runs.create(key, newRun())
    expect(await worker.claim(key)).toBe('stale')
    const claim = ids.nonce()
    await engine.runs.claim(key, { wake: 1, claim, tag: ids.tag(), lossLimit: 5 })
    expect(await worker.append(key, claim, 1)).toBe('fenced')
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: true, tag: ids.tag() })
    const told = await engine.deliveries.page({ account: key.account, webhook: webhook.id }, null, 10)
    expect(told.items).toHaveLength(1)
    // The same where its turn comes in a conversation.
    const conversation = { conversation: ids.channelId() as string as ConversationId, ticket: 't', createBy: 4e12 }
    const held = { ...key, channel: ids.channelId() }
    await createHeld(held, conversation)
    await begin(held, conversation)
    expect(await worker.claim(held)).toBe('stale')
  })

  test('a dispatch whose turn has not come, or whose log begins with a transcript, is for workers of this one alone', async () => {
    const worker = olderWorker(engine)
    talk = createTalk(engine)
    const first = await talk.say('U1')
    await talk.claim(first)
    const second = await talk.say('U2')
    expect(await worker.claim(second.key)).toBe('stale')
    await talk.finish(first, 'A1')
    await talk.lineWork.advance(talk.key)
    // Queued, with the transcript in its log.
    expect(await worker.claim(second.key)).toBe('stale')
    const claim = ids.nonce()
    await engine.runs.claim(second.key, { wake: 1, claim, tag: ids.tag(), lossLimit: 5 })
    // Not as a take-over either, and not by a claim that it has got hold of.
    expect(await worker.claim(second.key)).toBe('stale')
    expect(await worker.append(second.key, claim, 1)).toBe('fenced')
    const events = [{ type: 'iteration-started', iteration: 1 } as const]
    const own = { claim, seq: 1, tag: ids.tag(), events, open: [] }
    expect(await engine.runs.append(second.key, own)).toMatchObject({ outcome: 'applied' })
    // Given back, it still is.
    await engine.runs.release(second.key, claim)
    expect(await worker.claim(second.key)).toBe('stale')
    expect(await talk.claim(second)).toBe(true)
  })

  test('a run with limits, or a form of its answer, that they would not keep is for workers of this one alone, from the start', async () => {
    const worker = olderWorker(engine)
    const request = { ...newRun().request, limits: { ...newRun().request.limits, tokens: 100 } }
    const key = newKey()
    await engine.runs.create(key, newRun({ request }))
    expect(await worker.claim(key)).toBe('stale')
    const turn = { conversation: ids.nonce() as ConversationId, ticket: 't', createBy: Date.now() + 60_000 }
    const held = newKey()
    await createHeld(held, turn, { request })
    const formed = newKey()
    const answerFormat = { name: 'a', description: null, schema: { type: 'object' }, isStrict: false }
    await engine.runs.create(formed, newRun({ request: { ...newRun().request, answerFormat } }))
    expect(await worker.claim(formed)).toBe('stale')
    // It is the first of its conversation, so its log has no transcript.
    await begin(held, turn)
    expect(await worker.claim(held)).toBe('stale')
    for (const each of [key, held, formed]) {
      const claim = ids.nonce()
      expect(await engine.runs.claim(each, { wake: 1, claim, tag: ids.tag(), lossLimit: 5 })).toMatchObject({
        outcome: 'claimed',
      })
    }
  })

  test('a raise takes a run away from them, wherever it is', async () => {
    const worker = olderWorker(engine)
    const raise = (key: ChannelKey) =>
      engine.runs.raise(key, { limits: { iterations: 50 }, by: 'caller', tag: ids.tag() })
    const [queued, running, held] = [newKey(), newKey(), newKey()]
    await engine.runs.create(queued, newRun())
    await raise(queued)
    expect(await worker.claim(queued)).toBe('stale')
    await engine.runs.create(running, newRun())
    expect(await worker.claim(running)).toBe('claimed')
    await raise(running)
    expect(await worker.append(running, 'older', 1)).toBe('fenced')
    const turn = { conversation: ids.nonce() as ConversationId, ticket: 't', createBy: Date.now() + 60_000 }
    await createHeld(held, turn)
    await raise(held)
    expect(await worker.claim(held)).toBe('stale')
    await begin(held, turn)
    expect(await worker.claim(held)).toBe('stale')
    for (const each of [queued, running, held]) {
      const claim = ids.nonce()
      expect(await engine.runs.claim(each, { wake: 1, claim, tag: ids.tag(), lossLimit: 5 })).toMatchObject({
        outcome: 'claimed',
      })
    }
  })

  test('a run that pauses was theirs, and is not when it goes on', async () => {
    const worker = olderWorker(engine)
    const key = newKey()
    await engine.runs.create(key, newRun())
    const claim = ids.nonce()
    await engine.runs.claim(key, { wake: 1, claim, tag: ids.tag(), lossLimit: 5 })
    const known = await engine.runs.facts(key)
    const reachedLimit = { kind: 'calls', used: 2, allowed: 2 } as const
    const paused = { type: 'dispatch-paused', reachedLimit, pausedUntil: Date.now() + 60_000, usage: noUsage } as const
    const park = { claim, seq: 0, seenFacts: known.length, lastTag: known.at(-1)?.tag ?? '' }
    expect(await engine.runs.park(key, { ...park, pause: { paused, tag: ids.tag() } })).toBe('parked')
    expect(await worker.claim(key)).toBe('stale')
    await engine.runs.raise(key, { limits: { calls: 3 }, by: 'caller', tag: ids.tag() })
    expect(await worker.claim(key, 2)).toBe('stale')
  })
})
