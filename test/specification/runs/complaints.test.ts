import { setImmediate } from 'node:timers/promises'
import { print } from 'graphql'
import { createClient } from 'graphql-ws'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { ChannelEventsDocument, type ChannelEventsSubscription } from '../../../examples/generated/operations.ts'
import { applyEvent, emptyConversation } from '../../../examples/stock/reducer.ts'
import type { Publication } from '../../../src/channel/channel.ts'
import { decodePublication } from '../../../src/engines/redis/channel/publication.ts'
import type { Model } from '../../../src/models/model.ts'
import { engines } from '../../conformance/engines.ts'
import { atLength } from '../../support/at-length.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids, newKey, startRun } from '../../support/run/runs.ts'
import { scriptedProvider } from '../../support/run/scripted-model.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'
import { startService } from '../../support/service/start-service.ts'
import { expectHeldBelow, heldBytes } from '../../support/watching/held-bytes.ts'
import { collect, dispatch, graphql, type SeenEvent, watchWebsocket } from '../../support/watching/watchers.ts'

// What users of other systems complain about, where no other test shows that it does not happen here.

const cancelMutation = `mutation ($id: ID!) {
  cancelDispatch(channelId: $id) { dispatch { status attempts usage { outputTokens } messages { type text } } }
}`

interface Cancelled {
  readonly cancelDispatch: {
    readonly dispatch: {
      readonly status: string
      readonly attempts: number
      readonly messages: readonly { readonly type: string; readonly text: string }[]
    }
  }
}

describe.each(engines)('on %s', (_name, _open, start) => {
  let place: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    place = await startExtendedService(start)
  })

  /** A run that has said `One ` and says nothing more. */
  async function talking() {
    const model = place.play({ lines: ['One ', new Promise(() => {}), 'two.'] })
    const channelId = await dispatch(place.service, { model: model.name })
    const seen: SeenEvent[] = []
    const isTalking = Promise.withResolvers<void>()
    const watching = (async () => {
      for await (const event of watchWebsocket(place.service, { channelId })) {
        seen.push(event)
        if (event.text !== undefined) isTalking.resolve()
      }
    })()
    await isTalking.promise
    return { model, channelId, seen, watching }
  }

  test('Stop ends the model’s call for good, and the answer to the next message knows what was said before', async () => {
    const { model, channelId, seen, watching } = await talking()
    const { data } = await graphql<Cancelled>(place.service, cancelMutation, { id: channelId })
    expect(data.cancelDispatch.dispatch).toMatchObject({ status: 'CANCELLED', attempts: 1 })
    await watching
    expect(seen.map(({ __typename }) => __typename).slice(-2)).toEqual(['MessageCompleted', 'DispatchCancelled'])
    expect(seen.filter(({ __typename }) => __typename === 'DispatchStarted')).toHaveLength(1)
    expect(model.calls.map(({ signal }) => signal.aborted)).toEqual([true])

    const messages = [{ type: 'USER', text: 'Go on.' }]
    const { events, calls } = await place.run({ messages, continues: channelId }, { lines: ['Two.'] })
    expect(events.at(-1)?.result?.text).toBe('Two.')
    expect(calls[0]?.prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    expect(JSON.stringify(calls[0]?.prompt)).toMatch(/Hello.*One.*Go on\./)
    expect(model.calls).toHaveLength(1)
  })

  test('a completion sends its id before the first token; a disconnect stops nothing, and the id can cancel it', async () => {
    const gate = Promise.withResolvers<void>()
    const model = place.play({ lines: [gate.promise, 'One ', new Promise(() => {})] })
    const leaving = new AbortController()
    const response = await fetch(`${place.service.url}/v1/conversation/complete`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/jsonl' },
      body: JSON.stringify({ model: model.name, messages: [{ type: 'user', text: 'Hello' }] }),
      signal: leaving.signal,
    })
    const id = response.headers.get('x-channel-id') ?? ''
    expect(id).toMatch(/^[\w-]{16,}$/)
    leaving.abort()
    gate.resolve()
    for await (const { text } of watchWebsocket(place.service, { channelId: id })) if (text === 'One ') break
    const cancelling = await fetch(`${place.service.url}/v1/conversation/dispatch/${id}/cancel`, { method: 'POST' })
    expect(await cancelling.json()).toMatchObject({ status: 'cancelled' })
    const seen = await collect(watchWebsocket(place.service, { channelId: id }))
    expect(seen.slice(-2)).toMatchObject([{ message: { text: 'One ' } }, { __typename: 'DispatchCancelled' }])
    expect(model.calls.map(({ signal }) => signal.aborted)).toEqual([true])
  })

  test.each([1, 2, 3, 5, 8])(
    'who begins with the newest %i entries, in the middle of a message, ends with all of it',
    async (last) => {
      const gate = Promise.withResolvers<void>()
      const model = place.play({ lines: [{ reasoning: 'Hm. ' }, 'One ', 'two ', 'three ', gate.promise, 'four.'] })
      const channelId = await dispatch(place.service, { model: model.name })
      for await (const { text } of watchWebsocket(place.service, { channelId })) if (text?.endsWith('three ')) break
      const client = opened(createClient({ url: place.service.wsUrl, webSocketImpl: WebSocket, retryAttempts: 0 }))
      const query = print(ChannelEventsDocument)
        .replace('$after: Cursor', '$last: Int')
        .replace('after: $after', 'last: $last')
      let conversation = emptyConversation
      for await (const { data } of client.iterate<ChannelEventsSubscription>({
        query,
        variables: { channelId, last },
      })) {
        if (data) conversation = applyEvent(conversation, data.channelEvents)
        gate.resolve()
      }
      expect(conversation.messages.findLast(({ type }) => type === 'BOT')).toMatchObject({
        text: 'One two three four.',
        isComplete: true,
      })
      expect(conversation.messages.filter(({ type }) => type === 'BOT')).toHaveLength(1)
      expect(conversation.status).toBe('COMPLETED')
    },
  )
})

test('each entry of a log is published once: a turn of 20 deltas causes no more publications than appends', async () => {
  const redis = await startRedis()
  const service = await startService({ redisUrl: redis.url })
  const engine = await connectRedisEngine(redis.url)
  const channelId = ids.channelId()
  const topic = `bc:{a/local/${channelId}}`
  const listener = opened(engine.redis.duplicate())
  const published: Publication[] = []
  listener.on('message', (_topic, message) => published.push(decodePublication(message) as Publication))
  await listener.subscribe(topic)
  await dispatch(service, { channelId, model: 'demo/delayMs=5/words=20' })
  await collect(watchWebsocket(service, { channelId }))
  const length = await engine.redis.xlen(`${topic}:log`)
  await vi.waitFor(() => expect(published.at(-1)?.last).toBe(length))
  expect(published.map(({ first }) => first)).toEqual([1, ...published.slice(0, -1).map(({ last }) => last + 1)])
  expect(published.length).toBeLessThanOrEqual(length)
})

test('a writer of a lost log writes nothing into the new log of the same name', async () => {
  const redis = await startRedis()
  const engine = await connectRedisEngine(redis.url)
  const key = newKey()
  const stale = await startRun(engine.runs, key)
  await stale.say('Of the first. ')
  const [before] = await engine.log.heads([key])
  await engine.redis.flushall()
  const fresh = await startRun(engine.runs, key)
  await fresh.say('Of the second.')
  // Its count of appends is right, by chance.
  expect(await stale.say('And more of the first.')).toEqual({ outcome: 'fenced' })
  expect(await stale.finish()).toEqual({ outcome: 'fenced' })
  await fresh.finish()
  const limits = { maxEntries: 100, maxBytes: 100_000 }
  const page = await engine.log.read(key, null, limits)
  expect(page?.entries.flatMap(({ event }) => (event.type === 'text-delta' ? [event.text] : []))).toEqual([
    'Of the second.',
  ])
  // Whoever had read of the first is told, even at an offset that the second has reached.
  const position = { epoch: before?.epoch ?? '', offset: before?.last ?? 0, tag: before?.lastTag ?? '' }
  await expect(engine.log.read(key, position, limits)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
})

const crowd = atLength(30, 100)

test(`${crowd} simultaneous unwatched runs leave nothing behind, and each is complete`, async () => {
  const redis = await startRedis()
  let running = 0
  let all = Promise.withResolvers<void>()
  const model: Model = {
    name: 'crowd',
    async *stream() {
      running += 1
      if (running === crowd) all.resolve()
      await all.promise
      for (let word = 0; word < 1000; word++) {
        if (word % 10 === 0) await setImmediate()
        yield { type: 'text', text: 'word ' }
      }
      const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1000, reasoningTokens: 0 }
      yield { type: 'finish', finish: 'stop', usage }
    },
  }
  const env = { WORKER_CONCURRENCY: '100', RUNNING_DISPATCHES: '0', LEASE_MS: '120000' }
  const service = await startService({ redisUrl: redis.url, model: 'crowd', env, providers: [scriptedProvider(model)] })
  const round = async (): Promise<readonly string[]> => {
    running = 0
    all = Promise.withResolvers()
    const channels = await Promise.all(Array.from({ length: crowd }, () => dispatch(service)))
    const query = '{ dispatches(first: 100, statuses: [QUEUED, RUNNING]) { edges { node { id } } } }'
    await vi.waitFor(
      async () => {
        const { data } = await graphql<{ dispatches: { edges: object[] } }>(service, query)
        expect(data.dispatches.edges).toEqual([])
      },
      { timeout: 60_000, interval: 100 },
    )
    return channels
  }
  await round()
  const before = await heldBytes()
  const channels = await round()
  // At length, half a megabyte has been said, in ten thousand events.
  await expectHeldBelow(before + 1_000_000)
  for (const channelId of channels) {
    const events = await collect(watchWebsocket(service, { channelId }))
    expect(events.at(-1)?.result?.text).toBe('word '.repeat(1000))
  }
}, 180_000)
