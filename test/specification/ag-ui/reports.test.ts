import { expect, test } from 'vitest'
import { askServer, runAgent, say, seen, stockAgent } from '../../support/ag-ui/stock-agent.ts'
import { botThatAsks } from '../../support/approval/approval.ts'
import { createScriptedModel, type ScriptedCall, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'

// What users report of other servers with this protocol.

/** An agent whose ability needs to be approved, and whose model says these lines. */
async function askingAgent(...script: readonly ScriptedCall[]) {
  const model = createScriptedModel(script)
  const { url } = await startService({ model: model.name, providers: [scriptedProvider(model)] })
  const agent = await botThatAsks(url)
  return { url, agent, model, page: (threadId?: string) => stockAgent({ url, agent, ...(threadId && { threadId }) }) }
}

const mail = (text: string) => ({ call: 'send_mail', arguments: { text } })

// microsoft/agent-framework#6910
test('calls that need approval at once each keep their own verdict and result, in the next turn, too', async () => {
  const { model, page } = await askingAgent(
    { lines: [mail('one'), mail('two'), mail('three')] },
    { lines: ['Two are sent.'] },
    { lines: ['Yes.'] },
  )
  const agent = page()
  say(agent, 'Mail them.')
  await runAgent(agent)
  const resume = agent.pendingInterrupts.map(({ id }, n) =>
    n === 1
      ? { interruptId: id, status: 'resolved' as const, payload: { approved: false, reason: 'Not him.' } }
      : { interruptId: id, status: 'resolved' as const, payload: { approved: true } },
  )
  expect(resume).toHaveLength(3)
  await runAgent(agent, { resume })
  const results = agent.messages.flatMap((message) =>
    message.role === 'tool' ? [[message.toolCallId, message.content]] : [],
  )
  expect(new Map(results as [string, unknown][])).toEqual(
    new Map([
      [resume[0]?.interruptId, 'Sent: one'],
      [resume[1]?.interruptId, expect.stringContaining('Not him.')],
      [resume[2]?.interruptId, 'Sent: three'],
    ]),
  )
  say(agent, 'Sure?')
  await runAgent(agent)
  const told = model.calls.at(-1)?.prompt.filter(({ role }) => role === 'tool')
  expect(told?.map((message) => JSON.stringify(message))).toEqual(
    ['Sent: one', 'Not him.', 'Sent: three'].map((text) => expect.stringContaining(text)),
  )
  const reloaded = page(agent.threadId)
  await runAgent(reloaded)
  expect(seen(reloaded)).toEqual(seen(agent))
})

// ag-ui-protocol/ag-ui#1584, agentscope-ai/agentscope-java#2551
test('a thread that waits answers whoever looks with one beginning, one end, and what it waits for', async () => {
  const { url, agent, page } = await askingAgent({ lines: [mail('one')] })
  const first = page()
  say(first, 'Mail him.')
  await runAgent(first)
  const body = { threadId: first.threadId, runId: 'another-look', messages: [] }
  const { text } = await askServer({ url, path: agent, body })
  const types = [...text.matchAll(/"type":"(RUN_\w+)"/g)].map(([, type]) => type)
  expect(types).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
  expect(text).toContain(first.pendingInterrupts[0]?.id)
})

// agentscope-ai/agentscope-java#2642, agno-agi/agno#9486
test('nothing follows RUN_ERROR, and no failed run is finished', async () => {
  const { url, agent } = await askingAgent({ lines: ['Half'], finish: 'filtered' })
  const messages = [{ id: 'u', role: 'user', content: 'Hi' }]
  const { text } = await askServer({
    url,
    path: agent,
    body: { threadId: 'a-thread-that-fails', runId: 'r', messages },
  })
  expect([...text.matchAll(/"type":"(RUN_\w+)"/g)].map(([, type]) => type)).toEqual(['RUN_STARTED', 'RUN_ERROR'])
  expect(text.trim().split('\n\n').at(-1)).toContain('RUN_ERROR')
})
