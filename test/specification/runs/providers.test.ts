import { describe, expect, test } from 'vitest'
import { atLength } from '../../support/at-length.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startMockProviders } from '../../support/run/mock-providers.ts'
import { ids } from '../../support/run/runs.ts'
import { startService } from '../../support/service/start-service.ts'
import {
  canonical,
  collect,
  dispatch,
  graphql,
  textsByDeltas,
  transports,
  watchWebsocket,
} from '../../support/watching/watchers.ts'

const models = ['openai:gpt-5.4', 'openai-chat:gpt-4o', 'anthropic:claude-sonnet-4-5', 'compatible:gpt-4o']
const content = 'Grüße 👋🏽 aus 東京, word by word. '.repeat(12)

const crowd = atLength(60, 200)

const crowdTimeoutMs = atLength(60_000, 300_000)

test(
  `${crowd} simultaneous runs complete although every third request gets a 429 and every fifth stream is cut`,
  async () => {
    const redis = await startRedis()
    const providers = await startMockProviders(content, (call) =>
      call % 3 === 0 ? 'throttle' : call % 5 === 0 ? 'cut' : 'answer',
    )
    const service = await startService({
      redisUrl: redis.url,
      env: { ...providers.env, WORKER_CONCURRENCY: `${crowd}`, RUNNING_DISPATCHES: '0' },
    })
    const run = async (n: number) => {
      const channelId = ids.channelId()
      const [, watch] = transports[n % 2] ?? transports[0]
      const watching = collect(watch(service, { channelId }))
      await dispatch(service, { channelId, model: models[n % models.length] })
      const events = await watching
      expect(events.at(-1)).toMatchObject({ __typename: 'DispatchCompleted', result: { text: content } })
      expect([...textsByDeltas(events).values()]).toEqual([content])
      const discarded = events.filter(({ __typename }) => __typename === 'MessageDiscarded').length
      const said = new Set(events.flatMap(({ text, messageId }) => (text === undefined ? [] : [messageId])))
      expect(said.size).toBe(discarded + 1)
      return { events, discarded, channelId }
    }
    const runs = await Promise.all(Array.from({ length: crowd }, (_, n) => run(n)))
    expect(providers.calls).toBeGreaterThan(crowd)
    expect(runs.filter(({ discarded }) => discarded > 0).length).toBeGreaterThan(crowd / 20)
    const some = runs.find(({ discarded }) => discarded > 0)
    const again = await collect(watchWebsocket(service, { channelId: some?.channelId ?? '' }))
    expect(canonical(again)).toBe(canonical(some?.events ?? []))
  },
  crowdTimeoutMs,
)

describe('a provider configured by its usual variables', () => {
  test.each(models)('%s answers, and its usage is counted', async (model) => {
    const providers = await startMockProviders(content)
    const service = await startService({ env: providers.env })
    const channelId = await dispatch(service, { model: `${model}/maxTokens=500` })
    const events = await collect(watchWebsocket(service, { channelId }))
    expect(events.at(-1)).toMatchObject({ result: { text: content } })
    const { data } = await graphql<{ dispatch: { model: string; usage: { iterations: number } } }>(
      service,
      'query ($id: ID!) { dispatch(channelId: $id) { model usage { iterations inputTokens outputTokens totalTokens } } }',
      { id: channelId },
    )
    expect(data.dispatch).toMatchObject({ model: `${model}/maxTokens=500`, usage: { iterations: 1 } })
  })

  test('is refused with the name of its variable if it is not configured', async () => {
    const service = await startService()
    await expect(dispatch(service, { model: 'openai:gpt-5.4' })).rejects.toThrow(/OPENAI_API_KEY/)
    await expect(dispatch(service, { model: 'anthropic:claude-sonnet-4-5' })).rejects.toThrow(/ANTHROPIC_API_KEY/)
    await expect(dispatch(service, { model: 'compatible:llama3' })).rejects.toThrow(/OPENAI_COMPATIBLE_BASE_URL/)
  })

  test('refuses a setting out of range at dispatch, naming it', async () => {
    const providers = await startMockProviders(content)
    const service = await startService({ env: providers.env })
    await expect(dispatch(service, { model: 'openai:gpt-5.4/temperature=9' })).rejects.toThrow(/temperature/)
    await expect(dispatch(service, { model: 'anthropic:claude-sonnet-4-5/colour=red' })).rejects.toThrow(/colour/)
  })

  test('that rejects a request ends the run with its own message, which never contains a key', async () => {
    const providers = await startMockProviders(content, () => 'fail')
    const service = await startService({ env: providers.env })
    for (const model of models) {
      const events = await collect(watchWebsocket(service, { channelId: await dispatch(service, { model }) }))
      expect(events.at(-1)).toMatchObject({
        __typename: 'DispatchFailed',
        error: { code: 'MODEL_REJECTED', message: expect.stringContaining('This model does not like you.') },
      })
      expect(JSON.stringify(events)).not.toContain('secret')
    }
  })

  test('that falls silent is asked again, and its half message is discarded', async () => {
    const providers = await startMockProviders(content, (call) => (call === 1 ? 'fall silent' : 'answer'))
    const service = await startService({ env: { ...providers.env, MODEL_SILENCE_SECONDS: '1' } })
    const channelId = await dispatch(service, { model: 'openai-chat:gpt-4o' })
    const events = await collect(watchWebsocket(service, { channelId }))
    expect(events.at(-1)).toMatchObject({ result: { text: content } })
    expect([...textsByDeltas(events).values()]).toEqual([content])
    expect(providers.calls).toBe(2)
  })
})

test('reasoning arrives as ReasoningDelta, and as a separate message before the answer', async () => {
  const service = await startService({ model: 'demo/delayMs=0/reasoning=true/words=20' })
  const events = await collect(watchWebsocket(service, { channelId: await dispatch(service) }))
  const messages = events.flatMap(({ message }) => (message === undefined ? [] : [message]))
  expect(messages.map(({ type }) => type)).toEqual(['REASONING', 'BOT'])
  const [thought, answer] = messages
  expect(textsByDeltas(events)).toEqual(
    new Map([
      [thought?.id, thought?.text],
      [answer?.id, answer?.text],
    ]),
  )
  const ofThought = events.filter(({ messageId }) => messageId === thought?.id)
  expect(new Set(ofThought.map(({ __typename }) => __typename))).toEqual(new Set(['ReasoningDelta']))
})
