import { globSync, readFileSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { declared, eventsOf, submit, untilParked } from '../../support/function/function-runs.ts'
import { holdTimers } from '../../support/held-timers.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { type Collector, type SeenSpan, startCollector } from '../../support/service/collector.ts'
import { type ObservedService, startObservedService } from '../../support/service/observed-service.ts'
import { startProcess } from '../../support/service/start-process.ts'
import type { Service } from '../../support/service/start-service.ts'

const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
const words = { question: 'Please call ask and skill about zebras.', answer: 'giraffes-and-okapis' }
const skill = { name: 'skill', description: 'Knows of antelopes.', instruction: '```text\nSay it of gnus.\n```' }
const input = {
  messages: [{ type: 'USER', text: words.question }],
  functions: [declared('ask', { result: { await: true } })],
  extensions: { skillsets: [{ abilities: [skill] }] },
}

/** A dispatch of a caller that traces, with an ability and a call that waits for its answer. */
async function runWithPark(service: Pick<Service, 'url' | 'wsUrl'>): Promise<string> {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${caller.traceId}-${caller.spanId}-01` },
    body: JSON.stringify({
      query: 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }',
      variables: { input },
    }),
  })
  const { data } = (await response.json()) as { data: { dispatchConversation: { channelId: string } } }
  const { channelId } = data.dispatchConversation
  const { ask } = await untilParked(service, channelId)
  await submit(service, { channelId, callId: ask?.id }, { data: words.answer })
  const events = await eventsOf(service, channelId)
  expect(events.at(-1)?.__typename).toBe('DispatchCompleted')
  return channelId
}

/** Each span under its parent's name, in a stable order. */
function tree(spans: readonly SeenSpan[]): readonly string[] {
  const byId = new Map(spans.map((span) => [span.id, span]))
  const pathOf = (span: SeenSpan): string => {
    if (span.parent === caller.spanId) return span.name
    const parent = byId.get(span.parent)
    return `${parent === undefined ? 'NO PARENT' : pathOf(parent)} > ${span.name}`
  }
  return spans.map(pathOf).toSorted()
}

const expected = [
  'POST /graphql',
  'POST /graphql > dispatch',
  'POST /graphql > dispatch > execute_tool ask',
  'POST /graphql > dispatch > invoke_agent',
  'POST /graphql > dispatch > invoke_agent',
  'POST /graphql > dispatch > invoke_agent > chat demo',
  'POST /graphql > dispatch > invoke_agent > chat demo',
  'POST /graphql > dispatch > invoke_agent > execute_tool skill',
  'POST /graphql > dispatch > invoke_agent > execute_tool skill > chat demo',
]

function judge({ spans, text }: Collector, channelId: string): void {
  const trace = spans.filter(({ traceId }) => traceId === caller.traceId)
  expect(tree(trace)).toEqual(expected)

  const [first, second] = trace
    .filter(({ name }) => name === 'invoke_agent')
    .toSorted(
      (a, b) => Number(a.attributes['backchannel.run.attempt']) - Number(b.attributes['backchannel.run.attempt']),
    )
  const run = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.conversation.id': channelId }
  expect(first?.attributes).toMatchObject({
    ...run,
    'backchannel.run.outcome': 'parked',
    'backchannel.run.start': 'first',
  })
  const resumed = { 'backchannel.run.outcome': 'completed', 'backchannel.run.start': 'resumed' }
  expect(second?.attributes).toMatchObject({ ...run, ...resumed })
  // The answer came with another request, in a trace of its own; the attempt that it woke knows of it.
  const [answer] = spans.filter(({ name }) => name === 'answer')
  expect(answer?.traceId).not.toBe(caller.traceId)
  expect(first?.links).toEqual([])
  expect(second?.links).toMatchObject([{ traceId: answer?.traceId, spanId: answer?.id }])

  const chat = trace.filter(({ name }) => name === 'chat demo').map(({ kind, attributes }) => ({ kind, ...attributes }))
  for (const each of chat) {
    expect(each).toMatchObject({
      kind: 3,
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'demo',
      'gen_ai.request.model': 'demo',
      'gen_ai.usage.input_tokens': expect.any(Number),
      'gen_ai.usage.output_tokens': expect.any(Number),
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
      'gen_ai.response.finish_reasons': expect.anything(),
    })
  }
  const [ask] = trace.filter(({ name }) => name === 'execute_tool ask')
  expect(ask?.attributes).toMatchObject({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'ask',
    'gen_ai.tool.call.id': expect.stringMatching(/^call_/),
  })
  expect(text).not.toMatch(/zebras|giraffes|okapis|antelopes|gnus/)
}

const untilExported = (collector: Collector) =>
  vi.waitFor(() =>
    expect(collector.spans.filter(({ traceId }) => traceId === caller.traceId)).toHaveLength(expected.length),
  )

test('a dispatch with an ability and a parked call is one connected tree in one process', async () => {
  const collector = await startCollector()
  const service: ObservedService = await startObservedService({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, METRICS_PORT: '' },
  })
  const channelId = await runWithPark(service)
  // What is left goes out with the process.
  await service.close()
  judge(collector, channelId)
})

test('… and across two processes', async () => {
  const [collector, redis] = await Promise.all([startCollector(), startRedis()])
  const env = { REDIS_URL: redis.url, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint }
  const [api, worker] = await Promise.all([
    startProcess('api', { ...env, OTEL_SERVICE_NAME: 'the-api' }),
    startProcess('worker', { ...env, OTEL_SERVICE_NAME: 'the-worker' }),
  ])
  const channelId = await runWithPark(api)
  await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')])
  await untilExported(collector)
  judge(collector, channelId)
  const trace = collector.spans.filter(({ traceId }) => traceId === caller.traceId)
  expect(new Set(trace.filter(({ process }) => process === 'the-api').map(({ name }) => name))).toEqual(
    new Set(['POST /graphql', 'dispatch']),
  )
}, 60_000)

test('an unreachable collector affects nobody, and closing waits for none of its later retries', async () => {
  const collector = await startCollector()
  await collector.close()
  const service = await startObservedService({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, METRICS_PORT: '' },
  })
  await runWithPark(service)
  // The exporter waits one second before its first retry, and half as long again before each further one.
  const timers = holdTimers(2000)
  onTestFinished(timers.release)
  expect(await service.close()).toBeUndefined()
})

test('without an endpoint the SDK is not loaded', () => {
  const root = new URL('../../../src/', import.meta.url)
  const importers = globSync('**/*.ts', { cwd: root }).filter((file) =>
    /from '[^']*(tracing-otlp|opentelemetry\/(?!api))/.test(readFileSync(new URL(file, root), 'utf8')),
  )
  expect(importers).toEqual(['telemetry/tracing-otlp.ts'])
})
