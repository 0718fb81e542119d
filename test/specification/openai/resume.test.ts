import type OpenAI from 'openai'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { beforeAll, describe, expect, test } from 'vitest'
import { ModelFault } from '../../../src/models/model.ts'
import { type EnginePlace, engines } from '../../conformance/engines.ts'
import { dataOf } from '../../support/isolation/callers.ts'
import { listOf, openClient, polled, textsOf } from '../../support/openai/client.ts'
import { createCuttingProxy } from '../../support/proxy/cutting-proxy.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const fault = new ModelFault('unavailable', 'broken off', { isRetryable: true, retryAfterMs: 1 })

/** Says something that it takes back, calls a function of the server's, and answers. */
function newModel(isOver: Promise<unknown>) {
  return createScriptedModel([
    { lines: [{ reasoning: 'Let me see. ' }, 'The wide ', 'ocean is', fault] },
    { lines: ['I look. ', { call: 'look' }] },
    { lines: ['The wide sea, ', isOver, 'und 海が見える, ', 'at last.'] },
  ])
}

async function dispatch(url: string): Promise<string> {
  const query = `mutation { made: dispatchConversation(input: {
    messages: [{ type: USER, text: "Hi" }]
    functions: [{ name: "look", description: "Looks.", parameters: { type: "object" }, result: { data: { far: true } } }]
  }) { channelId } }`
  const { made } = await dataOf<{ made: { channelId: string } }>(url, { query })
  return `resp_${made.channelId}`
}

const following = (events: readonly ResponseStreamEvent[], number: number) =>
  events.filter((event) => event.sequence_number > number)

describe.each(engines)('on %s', (_name, _open, start) => {
  let place: EnginePlace
  let service: Service
  let client: OpenAI
  let events: readonly ResponseStreamEvent[]
  let id: string
  beforeAll(async () => {
    place = await start()
    const isOver = Promise.withResolvers<void>()
    const model = newModel(isOver.promise)
    service = await startService({ env: place.env, providers: [scriptedProvider(model)], model: model.name })
    client = openClient(service.url).client
    id = await dispatch(service.url)
    const live: ResponseStreamEvent[] = []
    for await (const event of await client.responses.retrieve(id, { stream: true })) {
      live.push(event)
      if (event.type === 'response.output_text.delta' && event.delta === 'wide ') isOver.resolve()
    }
    events = live
  })

  test('what was seen live is what is replayed, a try that was taken back and a call included', async () => {
    expect(events.filter(({ type }) => type === 'response.output_item.done')).toMatchObject([
      { item: { type: 'reasoning', status: 'incomplete' } },
      { item: { type: 'message', status: 'incomplete' } },
      { item: { type: 'message', status: 'completed' } },
      { item: { type: 'mcp_call', status: 'completed', output: '{"far":true}' } },
      { item: { type: 'message', status: 'completed' } },
    ])
    expect(textsOf(events)).toEqual(['I look. ', 'The wide sea, und 海が見える, at last.'])
    expect(await listOf(await client.responses.retrieve(id, { stream: true }))).toEqual(events)
    const response = await client.responses.retrieve(id)
    expect(response.output_text).toBe('I look. The wide sea, und 海が見える, at last.')
    expect(events.at(-1)).toMatchObject({ response: { output: response.output } })
  })

  test('a stream goes on after each of its numbers with what comes next', async () => {
    for (const { sequence_number } of [{ sequence_number: 0 }, ...events]) {
      const rest = await listOf(await client.responses.retrieve(id, { stream: true, starting_after: sequence_number }))
      expect(rest).toEqual(following(events, sequence_number))
    }
  })

  test('the helper goes on after each of them, and has the whole response', async () => {
    const { output } = await client.responses.retrieve(id)
    for (const { sequence_number } of events) {
      const stream = client.responses.stream({ response_id: id, starting_after: sequence_number })
      const rest = await listOf(stream)
      expect(rest.map((event) => event.sequence_number)).toEqual(
        following(events, sequence_number).map((event) => event.sequence_number),
      )
      expect((await stream.finalResponse()).output).toMatchObject(output)
    }
  })

  test('a client that is cut off again and again gets each event once', async () => {
    const proxy = await createCuttingProxy(service.url)
    const cut = openClient(proxy.url).client
    const seen: ResponseStreamEvent[] = []
    let cuts = 0
    while (seen.at(-1)?.type !== 'response.completed') {
      proxy.cutAfter(1500 + cuts * 700)
      const starting_after = seen.at(-1)?.sequence_number ?? 0
      try {
        for await (const event of await cut.responses.retrieve(id, { stream: true, starting_after })) seen.push(event)
      } catch {
        cuts += 1
      }
    }
    expect(cuts).toBeGreaterThan(2)
    expect(seen).toEqual(events)
  })
})

test('a response outlives its events by its record', async () => {
  const service = await startService({
    model: 'demo/delayMs=0/words=5',
    env: { RETENTION_SECONDS: '1', RECORD_RETENTION_SECONDS: '600' },
  })
  const { client } = openClient(service.url)
  const { id } = await client.responses.create({ input: 'Hi', background: true })
  const whole = await polled(client, id)
  await expect
    .poll(async () => (await client.responses.retrieve(id)).output.length === 1, { timeout: 10_000, interval: 200 })
    .toBe(true)
  await expect
    .poll(
      () =>
        client.responses.retrieve(id, { stream: true }).then(
          () => 'there',
          (error) => error.status,
        ),
      {
        timeout: 10_000,
        interval: 200,
      },
    )
    .toBe(404)
  const kept = await client.responses.retrieve(id)
  expect(kept).toMatchObject({ status: 'completed', output_text: whole.output_text, usage: whole.usage })
})

test('a server that stops breaks its streams, which nobody takes for their end', async () => {
  const model = newModel(new Promise(() => {}))
  const service = await startService({ providers: [scriptedProvider(model)], model: model.name })
  const { client } = openClient(service.url)
  const stream = client.responses.stream({ response_id: await dispatch(service.url) })
  stream.once('response.output_item.done', () => void service.close())
  await expect(stream.finalResponse()).rejects.toThrow()
})
