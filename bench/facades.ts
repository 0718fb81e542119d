import { cpuBetween, cpuTimes } from './report/cpu.ts'
import { spread } from './report/figure.ts'
import { roundCount } from './report/rounds.ts'
import { median } from './report/statistics.ts'
import { oursSpeaks, startOurs } from './systems/start-ours.ts'

// What a 200-token run costs the API process, dispatched and followed to its end over each facade, beside GraphQL over Server-Sent Events. The
// model speaks 100 tokens/s, so that nothing queues and nothing is joined. All ask the same service in turn, A B C A B C …
const runsARound = 60
const model = 'demo/delayMs=10/words=200'
const service = await startOurs({ env: { SUBSCRIPTIONS_PER_ACCOUNT: '0' } })

async function post(path: string, body: string, accept = 'application/json'): Promise<string> {
  const headers = { 'content-type': 'application/json', accept }
  const response = await fetch(`${service.url}${path}`, { method: 'POST', headers, body })
  const text = await response.text()
  if (response.ok) return text
  throw new Error(`${path}: ${response.status} ${text}`)
}

/** In a conversation of its own, as that of every chat. */
const question = () => ({
  id: crypto.randomUUID(),
  messages: [{ id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
})

const runInput = () => ({
  threadId: crypto.randomUUID(),
  runId: crypto.randomUUID(),
  messages: [{ id: crypto.randomUUID(), role: 'user', content: 'Hello' }],
  tools: [],
  context: [],
  state: {},
  forwardedProps: {},
})

/** One run each, to its end; what a stream of it must end with. */
const wires: Readonly<Record<string, { readonly run: () => Promise<string>; readonly end: RegExp }>> = {
  'GraphQL over SSE': {
    async run() {
      const { data } = JSON.parse(await post('/graphql', oursSpeaks.dispatchBody({ model }))) as {
        readonly data: { readonly dispatchConversation: { readonly channelId: string } }
      }
      const watch = oursSpeaks.subscribePayload(data.dispatchConversation.channelId)
      return post('/graphql', JSON.stringify(watch), 'text/event-stream')
    },
    end: /DispatchCompleted[\s\S]*event: complete/,
  },
  'OpenAI Responses': {
    run: () => post('/openai/v1/responses', JSON.stringify({ model, input: 'Hello', stream: true })),
    end: /"type":"response\.completed"/,
  },
  'AI SDK': {
    run: () => post('/ai-sdk/chat', JSON.stringify({ ...question(), model }), 'text/event-stream'),
    end: /"type":"finish","finishReason":"stop"[\s\S]*\[DONE\]/,
  },
  'AG-UI': {
    run: () => post(`/ag-ui/${encodeURIComponent(model)}`, JSON.stringify(runInput()), 'text/event-stream'),
    end: /"type":"RUN_FINISHED".*"outcome":\{"type":"success"\}/,
  },
}

const costs = new Map<string, number[]>(Object.keys(wires).map((name) => [name, []]))
for (let round = 0; round <= roundCount(5); round++) {
  for (const [name, { run, end }] of Object.entries(wires)) {
    const before = cpuTimes(service)
    const streams = await Promise.all(Array.from({ length: runsARound }, run))
    const { api = 0 } = cpuBetween(before, cpuTimes(service))
    const broken = streams.find((text) => !end.test(text))
    if (broken !== undefined) throw new Error(`${name}: ${broken.slice(-500)}`)
    // The first round warms up.
    if (round > 0) costs.get(name)?.push(api / runsARound)
  }
}
const beside = median(costs.get('GraphQL over SSE') ?? [])
for (const [name, values] of costs) {
  const ratio = (median(values) / beside).toFixed(2)
  process.stdout.write(`${name}: API CPU per 200-token run ${spread(values)} ms, ${ratio} × GraphQL over SSE\n`)
}
await service.close()
