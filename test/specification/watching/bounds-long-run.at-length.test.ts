import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import type { Model } from '../../../src/models/model.ts'
import { holdTimers } from '../../support/held-timers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startSwallowingProxy } from '../../support/proxy/swallowing-proxy.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { scriptedProvider } from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'
import { heldBytes } from '../../support/watching/held-bytes.ts'
import { openManyWatchers } from '../../support/watching/many-watchers.ts'
import { dispatch, graphql } from '../../support/watching/watchers.ts'

/** `npm run test:long-run` sets LONG_RUN_WORDS to 100,000. */
const words = Number(process.env['LONG_RUN_WORDS'] ?? 10_000)
const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: words, reasoningTokens: 0 }
const stateQuery = 'query ($id: ID!) { dispatch(channelId: $id) { status attempts messages { text isComplete } } }'

interface State {
  readonly dispatch: {
    readonly status: string
    readonly attempts: number
    readonly messages: readonly { readonly text: string; readonly isComplete: boolean }[]
  }
}

test(`a run of ${words} events, one append each, takes little memory, replays completely, and a take-over reads only its facts`, async () => {
  // A busy process answers pings late. The server would cut its sockets off after 12 seconds.
  onTestFinished(holdTimers(10_000).release)
  const redis = await startRedis()
  const channelId = ids.channelId()
  const topic = `bc:{a/local/${channelId}}`
  const [store, subscriber] = [opened(new Redis(redis.url)), opened(new Redis(redis.url))]
  await subscriber.subscribe(topic)
  /** The next publication, which an append makes: so each word is an append of its own. */
  const published = () => new Promise((resolve) => subscriber.once('message', resolve))

  const held: number[] = []
  const reached = { words: Promise.withResolvers<void>(), more: Promise.withResolvers<void>() }
  const onward = Promise.withResolvers<void>()
  const prompts: string[] = []
  const model: Model = {
    name: 'long',
    async *stream({ prompt, signal }) {
      prompts.push(JSON.stringify(prompt))
      if (prompts.length === 1) {
        for (let word = 1; word <= words; word++) {
          const written = published()
          yield { type: 'text', text: `w${word} ` }
          await written
          if (word === words / 10 || word === words) held.push(await heldBytes())
        }
        reached.words.resolve()
        await onward.promise
        yield { type: 'finish', finish: 'length', usage }
      } else if (prompts.length === 2) {
        yield { type: 'text', text: 'And ' }
        reached.more.resolve()
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      } else {
        yield { type: 'text', text: 'so on.' }
        yield { type: 'finish', finish: 'stop', usage }
      }
    },
  }
  const start = (role: 'api' | 'worker', redisUrl = redis.url) =>
    startService({ role, redisUrl, model: 'long', providers: [scriptedProvider(model)] })
  const way = await startSwallowingProxy(redis.port)
  const [api] = await Promise.all([start('api'), start('worker', `redis://127.0.0.1:${way.port}`)])
  const sockets = [await openManyWatchers(api), await openManyWatchers(api)] as const
  const live = sockets[0].watch(channelId)
  await dispatch(api, { channelId })
  await reached.words.promise
  expect(await store.xlen(`${topic}:log`)).toBeGreaterThanOrEqual(words)
  // The text, in the worker and in a watcher, as the pieces that it came in: 110 bytes each. The events would come on top.
  const [early = 0, late = 0] = held
  expect(late - early).toBeLessThan(1_000_000 + 150 * words)

  const whole = Array.from({ length: words }, (_, n) => `w${n + 1} `).join('')
  const { data: during } = await graphql<State>(api, stateQuery, { id: channelId })
  expect(during.dispatch).toMatchObject({ status: 'RUNNING', messages: [{}, { text: whole, isComplete: false }] })
  const joining = sockets[1].watch(channelId)

  onward.resolve()
  await reached.more.promise
  const sent = async () => Number(/total_net_output_bytes:(\d+)/.exec(await store.info('stats'))?.[1])
  const before = await sent()
  await start('worker')
  // The first worker is not heard of any more.
  await way.swallow(() => true)
  const ends = await Promise.all([live, joining])
  // The message to a prompt and to two watchers, one of which has the replay to catch up with: 40 bytes a word; the log is 130.
  expect((await sent()) - before).toBeLessThan(80 * words)
  // It continued after the last whole unit.
  expect(prompts).toHaveLength(3)
  expect(prompts[2]).toBe(prompts[1])
  expect(prompts[2]).toContain(`w${words} `)

  const expected = { text: `${whole}And so on.`, last: 'DispatchCompleted' }
  expect(ends).toEqual([expected, expected])
  expect(await sockets[0].watch(channelId)).toEqual(expected)
  const { data: after } = await graphql<State>(api, stateQuery, { id: channelId })
  expect(after.dispatch).toMatchObject({ status: 'COMPLETED', attempts: 2 })
  expect(after.dispatch.messages.map(({ text }) => text).join('|')).toContain(`${whole}|so on.`)
  // Nor does it wait for an answer when it is closed.
  way.recover()
}, 1_800_000)
