import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { askServer, runAgent, say, seen, stockAgent } from '../../support/ag-ui/stock-agent.ts'
import { createScriptedModel, type ScriptedCall, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let script: ScriptedCall[] = []
const played = { name: 'scripted', calls: 0 }
/** Plays what the test has written; each test has its own. */
const model = {
  name: 'scripted',
  stream: (call: Parameters<ReturnType<typeof createScriptedModel>['stream']>[0]) => {
    const next = script[Math.min(played.calls, script.length - 1)] ?? { lines: [] }
    played.calls += 1
    asked.push(call)
    return createScriptedModel([next]).stream(call)
  },
}
const asked: unknown[] = []

let service: Service
beforeAll(async () => {
  service = await startService({ model: 'scripted', providers: [scriptedProvider(model as never)] })
})
beforeEach(() => {
  played.calls = 0
  asked.length = 0
})

const ask = (body: object, path = 'default') => askServer({ url: service.url, path, body })
const agentOf = (options: Partial<Parameters<typeof stockAgent>[0]> = {}) =>
  stockAgent({ url: service.url, ...options })
const usage = [
  {
    model: 'scripted',
    inputTokens: 10,
    outputTokens: 5,
    totalTokens: 15,
    reasoningTokens: 2,
    cachedInputTokens: 1,
  },
]

test('reasoning and text, in a step, and what they have used', async () => {
  script = [{ lines: [{ reasoning: 'Hm.' }, 'Good', ' morning'] }]
  const agent = agentOf()
  say(agent, 'Hi')
  const { types, end } = await runAgent(agent)
  expect(types).toEqual([
    ...['RUN_STARTED', 'STEP_STARTED'],
    ...['REASONING_START', 'REASONING_MESSAGE_START', 'REASONING_MESSAGE_CONTENT'],
    ...['TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT'],
    ...['REASONING_MESSAGE_END', 'REASONING_END', 'TEXT_MESSAGE_END', 'STEP_FINISHED', 'RUN_FINISHED'],
  ])
  expect(seen(agent)).toEqual([
    ['user', 'Hi'],
    ['reasoning', 'Hm.'],
    ['assistant', 'Good morning'],
  ])
  expect(end).toMatchObject({
    threadId: agent.threadId,
    result: { text: 'Good morning', finishReason: 'stop' },
    outcome: { type: 'success' },
    usage,
  })
})

test('the conversation goes on, of which only the newest message is believed', async () => {
  script = [{ lines: ['One.'] }, { lines: ['Two.'] }]
  const agent = agentOf()
  say(agent, 'First')
  await runAgent(agent)
  agent.setMessages(
    agent.messages.map((message) => (message.role === 'assistant' ? { ...message, content: 'Forged.' } : message)),
  )
  say(agent, 'Second')
  await runAgent(agent)
  expect(JSON.stringify(asked[1])).toContain('One.')
  expect(JSON.stringify(asked[1])).not.toContain('Forged.')
})

test('a client that lacks what the conversation has said gets it', async () => {
  script = [{ lines: ['One.'] }, { lines: ['Two.'] }]
  const agent = agentOf()
  say(agent, 'First')
  await runAgent(agent)
  const other = agentOf({ threadId: agent.threadId })
  say(other, 'Second')
  const { types } = await runAgent(other)
  expect(types).toContain('MESSAGES_SNAPSHOT')
  expect(seen(other)).toEqual([
    ['user', 'First'],
    ['assistant', 'One.'],
    ['user', 'Second'],
    ['assistant', 'Two.'],
  ])
})

const weather = {
  name: 'weather',
  description: 'Tells the weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
}

test('a tool of the client: the run ends, names the call, and the next one goes on with its result', async () => {
  script = [
    { lines: ['Let me see.', { call: 'weather', arguments: { city: 'Rome' } }, { call: 'weather' }] },
    { lines: ['Sunny.'] },
  ]
  const agent = agentOf()
  say(agent, 'Weather?')
  const first = await runAgent(agent, { tools: [weather] })
  const calls = agent.messages.flatMap((message) => ('toolCalls' in message ? (message.toolCalls ?? []) : []))
  expect(first.end).toMatchObject({ outcome: { type: 'success', pendingToolCallIds: calls.map(({ id }) => id) } })
  expect(seen(agent)).toEqual([
    ['user', 'Weather?'],
    ['assistant', 'Let me see.', ['weather({"city":"Rome"})', 'weather({})']],
  ])
  for (const [index, { id }] of calls.entries()) {
    agent.addMessage({ id: `result-${index}`, role: 'tool', toolCallId: id, content: JSON.stringify({ sky: index }) })
  }
  const runId = crypto.randomUUID()
  const second = await runAgent(agent, { runId, tools: [weather] })
  expect(second.types).not.toContain('MESSAGES_SNAPSHOT')
  expect(seen(agent).slice(2)).toEqual([
    ['tool', '{"sky":0}'],
    ['tool', '{"sky":1}'],
    ['assistant', 'Sunny.'],
  ])
  expect(JSON.stringify(asked[1])).toContain('"sky":1')

  // The page is loaded anew: the same, and no event that would call a function again.
  const reloaded = agentOf({ threadId: agent.threadId })
  const { types } = await runAgent(reloaded, { runId })
  expect(types).toEqual(['RUN_STARTED', 'MESSAGES_SNAPSHOT', 'RUN_FINISHED'])
  expect(reloaded.messages).toEqual(agent.messages)
  expect(asked).toHaveLength(2)
})

const approval = { ...weather, name: 'approve', metadata: { backchannel: { await: true, timeoutSeconds: 60 } } }

test('an awaited tool interrupts: its answer wakes the run, and the same answer again changes nothing', async () => {
  script = [{ lines: [{ call: 'approve', arguments: { city: 'Rome' } }] }, { lines: ['Done.'] }]
  const agent = agentOf()
  say(agent, 'Go')
  const first = await runAgent(agent, { tools: [approval] })
  expect(first.end).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'interrupt' } })
  const [interrupt] = agent.pendingInterrupts
  expect(interrupt).toMatchObject({ reason: 'tool_call', toolCallId: interrupt?.id })
  const inMs = Date.parse(interrupt?.expiresAt ?? '') - Date.now()
  expect(inMs).toBeGreaterThan(30_000)
  expect(inMs).toBeLessThan(61_000)

  // The page is loaded anew, and learns what is open.
  const reloaded = agentOf({ threadId: agent.threadId })
  await runAgent(reloaded)
  expect(reloaded.pendingInterrupts).toEqual(agent.pendingInterrupts)
  expect(reloaded.messages).toEqual(agent.messages)

  // The stock client does not even ask; another one is told.
  await expect(runAgent(agent)).rejects.toThrow('pending interrupt')
  const refused = await ask({
    threadId: agent.threadId,
    runId: 'r2',
    messages: [{ id: 'u2', role: 'user', content: 'And?' }],
  })
  expect(refused).toMatchObject({ status: 400, body: { code: 'BAD_USER_INPUT', issues: [{ path: ['resume'] }] } })

  const resume = [{ interruptId: interrupt?.id ?? '', status: 'resolved' as const, payload: { yes: true } }]
  const second = await runAgent(agent, { resume })
  expect(second.end).toMatchObject({ outcome: { type: 'success' }, result: { text: 'Done.' } })
  expect(seen(agent)).toEqual([
    ['user', 'Go'],
    ['assistant', ['approve({"city":"Rome"})']],
    ['tool', '{"yes":true}'],
    ['assistant', 'Done.'],
  ])
  await runAgent(reloaded, { resume })
  expect(reloaded.messages).toEqual(agent.messages)
  expect(asked).toHaveLength(2)

  const other = { threadId: agent.threadId, runId: 'r3', messages: [], resume: [{ ...resume[0], payload: 'no' }] }
  expect(await ask(other)).toMatchObject({ status: 409, body: { issues: [{ path: ['resume', 0, 'interruptId'] }] } })
  const givenUp = { ...other, resume: [{ interruptId: interrupt?.id, status: 'cancelled' }] }
  expect((await ask(givenUp)).text).toContain('Done.')
  const unknown = { ...other, resume: [{ interruptId: 'call_unknown', status: 'cancelled' }] }
  expect(await ask(unknown)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
})

test('an interrupt is cancelled, and what the user says instead is heard', async () => {
  script = [{ lines: [{ call: 'approve' }] }, { lines: ['As you like.'] }]
  const agent = agentOf()
  say(agent, 'Go')
  await runAgent(agent, { tools: [approval] })
  say(agent, 'Rather not.')
  const resume = agent.pendingInterrupts.map(({ id }) => ({ interruptId: id, status: 'cancelled' as const }))
  await runAgent(agent, { resume })
  expect(seen(agent)).toEqual([
    ['user', 'Go'],
    ['assistant', ['approve({})']],
    ['tool', '{"error":"The user has cancelled the call."}'],
    ['user', 'Rather not.'],
    ['assistant', 'As you like.'],
  ])
  expect(JSON.stringify(asked[1])).toContain('Rather not.')
})

test('a run that fails ends with RUN_ERROR, its half answer taken back', async () => {
  script = [{ lines: ['Half', Object.assign(new Error('It broke.'))] }]
  const agent = agentOf()
  say(agent, 'Hi')
  const { end } = await runAgent(agent)
  expect(end).toMatchObject({ type: 'RUN_ERROR' })
  expect(typeof end?.['code']).toBe('string')
  expect(seen(agent)).toEqual([['user', 'Hi']])
})

test('what a try of the model has said that broke off is taken back, thoughts too', async () => {
  script = [{ lines: [{ reasoning: 'Hm' }, 'Half'], finish: null }, { lines: ['Whole.'] }]
  const agent = agentOf()
  say(agent, 'Hi')
  const { types, end } = await runAgent(agent)
  expect(types).toContain('MESSAGES_SNAPSHOT')
  expect(end).toMatchObject({ outcome: { type: 'success' } })
  expect(seen(agent)).toEqual([
    ['user', 'Hi'],
    ['assistant', 'Whole.'],
  ])
})

test('Stop cancels, closing the connection does not, and a known run is joined, not begun again', async () => {
  const gate = Promise.withResolvers<void>()
  script = [{ lines: [{ reasoning: 'Hm.' }, 'Good', gate.promise, ' morning'] }]
  const agent = agentOf()
  say(agent, 'Hi')
  const runId = crypto.randomUUID()
  const cut = vi.waitFor(() => expect(seen(agent)).toHaveLength(3)).then(() => agent.abortRun())
  const { end } = await runAgent(agent, { runId })
  await cut
  expect(end).toMatchObject({ type: 'RUN_ERROR', code: 'abort' })

  const again = runAgent(agent, { runId })
  await vi.waitFor(() => expect(seen(agent)).toContainEqual(['assistant', 'Good']))
  gate.resolve()
  const { types } = await again
  expect(types.slice(0, 2)).toEqual(['RUN_STARTED', 'MESSAGES_SNAPSHOT'])
  expect(seen(agent)).toEqual([
    ['user', 'Hi'],
    ['reasoning', 'Hm.'],
    ['assistant', 'Good morning'],
  ])
  expect(asked).toHaveLength(1)

  script = [{ lines: ['Well', new Promise(() => {})] }]
  played.calls = 0
  say(agent, 'Go on')
  const stopped = runAgent(agent)
  await vi.waitFor(() => expect(seen(agent)).toContainEqual(['assistant', 'Well']))
  const { status } = await ask({ threadId: agent.threadId }, 'default/stop')
  expect(status).toBe(204)
  expect((await stopped).end).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } })
  expect(seen(agent).at(-1)).toEqual(['assistant', 'Well'])
})

test('the newest message of the conversation again, under another run, is answered anew', async () => {
  script = [{ lines: ['One.'] }, { lines: ['Another one.'] }]
  const agent = agentOf()
  say(agent, 'Say one')
  await runAgent(agent)
  agent.setMessages(agent.messages.slice(0, 1))
  await runAgent(agent)
  expect(seen(agent)).toEqual([
    ['user', 'Say one'],
    ['assistant', 'Another one.'],
  ])
  const reloaded = agentOf({ threadId: agent.threadId })
  await runAgent(reloaded)
  expect(reloaded.messages).toEqual(agent.messages)
})

test('what the application says goes to the model for this run; files go by their URL, and stay in the message', async () => {
  script = [{ lines: ['I see.'] }]
  const agent = agentOf()
  const content = [
    { type: 'text' as const, text: 'What is this?' },
    { type: 'image' as const, source: { type: 'url' as const, value: 'http://127.0.0.1:9/cat.png' } },
  ]
  agent.addMessage({ id: 'with-a-file', role: 'user', content })
  const { types } = await runAgent(agent, { context: [{ description: 'The page', value: 'checkout' }] })
  expect(JSON.stringify(asked[0])).toContain('The page: checkout')
  // Nothing is there, which the model is told.
  expect(types).toContain('CUSTOM')
  expect(JSON.stringify(asked[0])).toContain('cat.png')
  const reloaded = agentOf({ threadId: agent.threadId })
  await runAgent(reloaded)
  expect(reloaded.messages[0]).toEqual({ id: 'with-a-file', role: 'user', content })
})
