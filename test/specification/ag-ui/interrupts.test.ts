import { expect, test } from 'vitest'
import { askServer, runAgent, say, seen, stockAgent } from '../../support/ag-ui/stock-agent.ts'
import { dataOf } from '../../support/isolation/callers.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'

const waiting = ['approve', 'pay'].map((name) => ({
  name,
  description: name,
  parameters: { type: 'object' },
  metadata: { backchannel: { await: true } },
}))

/** A thread that waits for two answers, in a page. */
async function twoInterrupts() {
  const model = createScriptedModel([{ lines: waiting.map(({ name }) => ({ call: name })) }, { lines: ['Done.'] }])
  const { url } = await startService({ model: model.name, providers: [scriptedProvider(model)] })
  const agent = stockAgent({ url })
  say(agent, 'Go')
  const runId = crypto.randomUUID()
  await runAgent(agent, { runId, tools: waiting })
  const [first, second] = agent.pendingInterrupts.map(({ id }) => id)
  if (first === undefined || second === undefined) throw new Error('It does not wait for two answers.')
  const run = { threadId: agent.threadId, runId, messages: [] }
  const response = await fetch(`${url}/ag-ui/default`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(run),
  })
  await response.text()
  const channelId = response.headers.get('x-channel-id') ?? ''
  const answerElsewhere = (callId: string) =>
    dataOf(url, {
      query: `mutation ($input: SubmitFunctionResultInput!) { submitFunctionResult(input: $input) { dispatch { status } } }`,
      variables: { input: { channelId, callId, data: { by: 'another' } } },
    })
  return { url, model, agent, first, second, answerElsewhere }
}

const answered = (id: string) => ({ interruptId: id, status: 'resolved' as const, payload: { by: 'the page' } })

test('one of two is answered elsewhere: a page that is loaded anew has the other, and goes on with its answer', async () => {
  const { url, model, agent, first, second, answerElsewhere } = await twoInterrupts()
  await answerElsewhere(first)
  const reloaded = stockAgent({ url, threadId: agent.threadId })
  await runAgent(reloaded)
  expect(reloaded.pendingInterrupts.map(({ id }) => id)).toEqual([second])
  await runAgent(reloaded, { resume: [answered(second)] })
  expect(seen(reloaded).slice(2)).toEqual([
    ['tool', '{"by":"another"}'],
    ['tool', '{"by":"the page"}'],
    ['assistant', 'Done.'],
  ])
  expect(model.calls).toHaveLength(2)
})

test('a page that answers both, of which one has an answer, is refused, changes nothing, and goes on without that one', async () => {
  const { url, model, agent, first, second, answerElsewhere } = await twoInterrupts()
  await answerElsewhere(first)
  const both = { threadId: agent.threadId, runId: 'both', messages: [], resume: [answered(first), answered(second)] }
  expect(await askServer({ url, path: 'default', body: both })).toMatchObject({ status: 409 })
  expect(model.calls).toHaveLength(1)
  // The stock client has to say something of each that it knows.
  const given = { interruptId: first, status: 'cancelled' as const }
  await runAgent(agent, { resume: [given, answered(second)] })
  expect(seen(agent).slice(2)).toEqual([
    ['tool', '{"by":"another"}'],
    ['tool', '{"by":"the page"}'],
    ['assistant', 'Done.'],
  ])
})
