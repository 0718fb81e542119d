import type { ChatCompletionRequest } from '@copilotkit/aimock'
import { beforeAll, describe, expect, test } from 'vitest'
import { answersIn, declared, eventsOf, stateOf, submit, untilParked } from '../../support/function/function-runs.ts'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { type Act, type MockCalls, type MockProviders, startMockProviders } from '../../support/run/mock-providers.ts'
import { ids } from '../../support/run/runs.ts'
import { type ServiceProcess, startProcess } from '../../support/service/start-process.ts'
import { dispatch, type SeenEvent } from '../../support/watching/watchers.ts'

/** What the providers do for a run, request by request, and what they were sent. */
interface Playing {
  readonly acts: readonly Act[]
  readonly requests: ChatCompletionRequest[]
}

/** By the text of the run's first message. */
const playing = new Map<string, Playing>()
const content = 'That is all.'

let redis: RedisServer
let providers: MockProviders
let api: ServiceProcess
beforeAll(async () => {
  redis = await startRedis()
  providers = await startMockProviders(content, (_call, request) => {
    const first = request.messages.find(({ role }) => role === 'user')
    const run = playing.get(textOf(first?.content))
    return run?.acts[run.requests.push(request) - 1] ?? 'answer'
  })
  const env = { REDIS_URL: redis.url, ...providers.env }
  ;[api] = await Promise.all([startProcess('api', env), startProcess('worker', env)])
})

const models = ['openai:gpt-5.4', 'openai-chat:gpt-4o', 'anthropic:claude-sonnet-4-5', 'compatible:gpt-4o'] as const

const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const weather = declared('get_weather', { parameters: city, result: { data: { degrees: 18 } } })
const ask = declared('ask', { result: { await: true } })
const asking = (...calls: MockCalls['calls']): MockCalls => ({ calls })
const oslo = { name: 'get_weather', arguments: '{"city":"Oslo"}', id: 'call_a' }
const bergen = { name: 'get_weather', arguments: '{"city":"Bergen"}', id: 'call_b' }

describe.each(models)('%s', (model) => {
  const start = async (acts: readonly Act[], input: object = {}) => {
    const text = `Run ${ids.channelId()}`
    const requests: ChatCompletionRequest[] = []
    playing.set(text, { acts, requests })
    const messages = [{ type: 'USER', text }]
    const channelId = await dispatch(api, { model, messages, functions: [weather, ask], ...input })
    return { channelId, requests }
  }
  const play = async (acts: readonly Act[], input: object = {}) => {
    const { channelId, requests } = await start(acts, input)
    const events = await eventsOf(api, channelId)
    return { events, requests, answers: answersIn(events), ending: events.at(-1) }
  }

  test('calls one function and uses its answer', async () => {
    const { answers, ending, requests } = await play([asking(oslo)])
    expect(answers).toEqual([['get_weather', { degrees: 18 }]])
    expect(ending?.result).toEqual({ text: content, finishReason: 'STOP' })
    expect(toldResults(requests[1])).toEqual(['{"degrees":18}'])
  })

  test('calls several functions at once, one of which is answered later', async () => {
    const { channelId, requests } = await start([asking(oslo, { name: 'ask', arguments: '{}', id: 'call_c' }, bergen)])
    const pending = await untilParked(api, channelId)
    await submit(api, { channelId, callId: pending['ask']?.id }, { data: 'Yes.' })
    const events = await eventsOf(api, channelId)
    expect(answersIn(events)).toEqual([
      ['get_weather', { degrees: 18 }],
      ['get_weather', { degrees: 18 }],
      ['ask', 'Yes.'],
    ])
    expect(toldResults(requests[1])).toEqual(['{"degrees":18}', 'Yes.', '{"degrees":18}'])
    expect(events.at(-1)?.result).toEqual({ text: content, finishReason: 'STOP' })
  })

  test('is forced to call a function, and then answers freely', async () => {
    const forced = { ...weather, call: { start: true } }
    const { answers, ending, requests } = await play([asking(oslo)], { functions: [ask, forced] })
    expect(answers).toEqual([['get_weather', { degrees: 18 }]])
    expect(requests.map(({ tool_choice }) => tool_choice)).toEqual(choices[model])
    expect(ending?.result).toEqual({ text: content, finishReason: 'STOP' })
  })

  test('may ignore the force', async () => {
    const forced = { ...weather, call: { start: true, end: true } }
    const { answers, ending, requests } = await play([], { functions: [forced] })
    expect([answers, requests.length]).toEqual([[], 2])
    expect(ending?.result).toEqual({ text: content, finishReason: 'STOP' })
  })

  test.each([
    // The mock lets Anthropic write whole JSON only: it makes `{}` of this.
    ['are no JSON', '{"city":', model.startsWith('anthropic') ? "'city'" : 'The arguments are not JSON.'],
    ['are not of the schema', '{"city":5}', 'arguments.city must be string'],
    ['are no object', '"Oslo"', 'object'],
  ])('whose arguments %s is told so, and goes on', async (_how, written, told) => {
    const wrong = asking({ ...oslo, arguments: written })
    const { answers, ending, requests, events } = await play([wrong, asking(bergen)])
    expect(answers).toEqual([
      ['get_weather', 'BAD_ARGUMENTS'],
      ['get_weather', { degrees: 18 }],
    ])
    expect(toldResults(requests[1])).toEqual([expect.stringContaining(told)])
    expect(ending?.result).toEqual({ text: content, finishReason: 'STOP' })
    expect(requested(events)).toHaveLength(2)
  })

  test('that calls an unknown function learns so and goes on', async () => {
    const { answers, ending, requests } = await play([asking({ name: 'get_whether', arguments: '{}', id: 'call_a' })])
    expect(answers).toEqual([['get_whether', 'NOT_FOUND']])
    expect(toldResults(requests[1])).toEqual(['{"error":"function not found"}'])
    expect(ending?.result).toEqual({ text: content, finishReason: 'STOP' })
  })

  test('whose stream is cut in the middle of a call is asked again, and the call happens once', async () => {
    const long = { ...oslo, arguments: JSON.stringify({ city: 'Llanfairpwllgwyngyll'.repeat(10) }) }
    const { answers, ending, requests, events } = await play([
      { calls: [long], isCut: true },
      { calls: [long], isCut: true },
      asking(bergen),
    ])
    expect(requested(events)).toMatchObject([{ name: 'get_weather', arguments: { city: 'Bergen' } }])
    expect(answers).toEqual([['get_weather', { degrees: 18 }]])
    expect(requests).toHaveLength(4)
    expect(ending?.result).toEqual({ text: content, finishReason: 'STOP' })
  })

  test('may reuse the id of a call: ours are unique, and each answer reaches its call', async () => {
    const again = { ...bergen, id: oslo.id }
    const { channelId, requests } = await start([
      asking({ name: 'ask', arguments: '{"n":1}', id: oslo.id }, again),
      asking({ name: 'ask', arguments: '{"n":2}', id: oslo.id }),
    ])
    for (const answer of ['one', 'two']) {
      const { ask: pending } = await untilParked(api, channelId)
      await submit(api, { channelId, callId: pending?.id }, { data: answer })
    }
    const events = await eventsOf(api, channelId)
    expect(new Set(requested(events).map(({ id }) => id)).size).toBe(3)
    expect(answersIn(events)).toEqual([
      ['get_weather', { degrees: 18 }],
      ['ask', 'one'],
      ['ask', 'two'],
    ])
    expect(toldResults(requests[2])).toEqual(['one', '{"degrees":18}', 'two'])
    const toldIds = requests[2]?.messages.flatMap(({ tool_call_id }) => tool_call_id ?? [])
    expect(new Set(toldIds).size).toBe(3)
    expect((await stateOf(api, channelId)).result?.finishReason).toBe('STOP')
  })

  test('that repeats the same call ends as LOOP', async () => {
    const { ending, requests } = await play(Array(10).fill(asking(oslo)))
    expect([ending?.result?.finishReason, requests.length]).toEqual(['LOOP', 3])
  })
})

/** What the two requests say of whether a function is to be called. Of Anthropic's, the mock does not tell. */
const choices: Record<(typeof models)[number], readonly unknown[]> = {
  'openai:gpt-5.4': [{ type: 'function', name: 'get_weather' }, 'auto'],
  'openai-chat:gpt-4o': [{ type: 'function', function: { name: 'get_weather' } }, 'auto'],
  'anthropic:claude-sonnet-4-5': [undefined, undefined],
  'compatible:gpt-4o': [{ type: 'function', function: { name: 'get_weather' } }, 'auto'],
}

function requested(events: readonly SeenEvent[]) {
  return events.flatMap(({ __typename, call }) => (__typename === 'FunctionCallRequested' && call ? [call] : []))
}

/** The answers that a request gives the model, in their order. */
function toldResults(request: ChatCompletionRequest | undefined): readonly string[] {
  return (request?.messages ?? []).flatMap(({ role, content }) => (role === 'tool' ? [textOf(content)] : []))
}

function textOf(content: ChatCompletionRequest['messages'][number]['content'] | undefined): string {
  if (content == null) return ''
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('')
}
