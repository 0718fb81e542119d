import { expect, test } from 'vitest'
import { type SeenSpan, startCollector } from '../../support/service/collector.ts'
import { startObservedService } from '../../support/service/observed-service.ts'

const question = 'What do zebras eat?'
const userMessage = { id: 'question-of-a-page', role: 'user', parts: [{ type: 'text', text: question }] }
const ids = { threadId: 'a-thread-of-a-page', runId: 'run-1' }

/** What each front end asks first, and the body that it asks with. */
const facades = [
  ['/ai-sdk/chat', { id: 'a-chat-of-a-page-1', messages: [userMessage] }],
  ['/openai/v1/responses', { model: 'demo/delayMs=0/words=5', input: question, stream: true }],
  [
    '/ag-ui/default',
    { ...ids, messages: [{ id: 'u', role: 'user', content: question }], tools: [], context: [], state: {} },
  ],
] as const

test('a request of each front end begins a trace that its run joins, as one over REST', async () => {
  const collector = await startCollector()
  const service = await startObservedService({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, METRICS_PORT: '', DEFAULT_MODEL: 'demo/delayMs=0/words=5' },
  })
  const spanId = 'b7ad6b7169203331'
  const traceOf = (n: number) => `${n + 1}`.padStart(32, '0')
  for (const [n, [path, body]] of facades.entries()) {
    const answer = await fetch(service.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${traceOf(n)}-${spanId}-01` },
      body: JSON.stringify(body),
    })
    expect([path, answer.status]).toEqual([path, 200])
    await answer.text()
  }
  // What is left goes out with the process.
  await service.close()
  for (const [n, [path]] of facades.entries()) {
    const spans = collector.spans.filter(({ traceId }) => traceId === traceOf(n))
    const childOf = (parent: SeenSpan | undefined) => spans.filter((span) => span.parent === parent?.id)
    const [request] = spans.filter((span) => span.parent === spanId)
    expect(request).toMatchObject({ name: `POST ${path}`, kind: 2 })
    const [dispatch] = childOf(request)
    const [agent] = childOf(dispatch)
    expect([dispatch?.name, agent?.name, childOf(agent).map((span) => span.name)]).toEqual([
      'dispatch',
      'invoke_agent',
      ['chat demo'],
    ])
  }
  expect(collector.text).not.toContain('zebras')
})
