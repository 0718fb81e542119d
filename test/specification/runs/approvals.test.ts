import { beforeAll, expect, test } from 'vitest'
import { runAgent, say, seen, stockAgent } from '../../support/ag-ui/stock-agent.ts'
import { botThatAsks, waitsForApproval } from '../../support/approval/approval.ts'
import { dataOf } from '../../support/isolation/callers.ts'
import { openClient, refused } from '../../support/openai/client.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=0/words=5' })
})

test.each([
  ['true', 'FAILED'],
  ['{ approved: "true" }', 'FAILED'],
  ['{ approved: true }', 'COMPLETED'],
])('an ability whose verdict is %s has %s, and the same verdict again changes nothing', async (data, expected) => {
  const id = (await waitsForApproval(service.url)).slice('resp_'.length)
  const pending = await dataOf<{ dispatch: { pendingCalls: [{ id: string }] } }>(service.url, {
    query: 'query ($id: ID!) { dispatch(channelId: $id) { pendingCalls { id } } }',
    variables: { id },
  })
  const callId = pending.dispatch.pendingCalls[0].id
  const query = `mutation ($id: ID!, $callId: ID!) {
    submitFunctionResult(input: { channelId: $id, callId: $callId, data: ${data} }) { dispatch { status } }
  }`
  for (const _ of [1, 2]) await dataOf(service.url, { query, variables: { id, callId } })
  const read = 'query ($id: ID!) { dispatch(channelId: $id) { status messages { type meta } } }'
  const state = async () => (await dataOf<{ dispatch: Told }>(service.url, { query: read, variables: { id } })).dispatch
  await expect.poll(async () => (await state()).status).toBe('COMPLETED')
  const responses = (await state()).messages.flatMap(({ meta }) => (meta?.activity?.type === 'response' ? [meta] : []))
  const result = expected === 'COMPLETED' ? 'Sent: Hello' : { error: 'The user denied this call.' }
  expect(responses).toMatchObject([{ activity: { id: callId, function: { result } } }])
})

interface Told {
  readonly status: string
  readonly messages: readonly { readonly meta?: { readonly activity?: { readonly type: string } } | null }[]
}

test.each([
  [true, { status: 'completed', output: 'Sent: Hello' }],
  [false, { status: 'failed', output: null }],
])(
  "OpenAI's client is asked for an approval, and the response goes on as itself once it has said %j",
  async (approve, expected) => {
    const { client } = openClient(service.url)
    const previous_response_id = await waitsForApproval(service.url)
    const asked = await client.responses.retrieve(previous_response_id)
    const [request] = asked.output.flatMap((item) => (item.type === 'mcp_approval_request' ? [item] : []))
    expect(request).toMatchObject({ name: 'send_mail', server_label: 'backchannel', arguments: '{"text":"Hello"}' })
    const answer = { type: 'mcp_approval_response', approval_request_id: request?.id ?? '', approve } as const
    const wrong = await refused(
      client.responses.create({ previous_response_id, input: [{ ...answer, approval_request_id: 'mcpr_x' }] }),
    )
    expect(wrong.param).toBe('input[0].approval_request_id')
    const stream = client.responses.stream({ previous_response_id, input: [answer] })
    const done = await stream.finalResponse()
    expect([done.id, done.status]).toEqual([previous_response_id, 'completed'])
    expect(done.output).toMatchObject([
      { type: 'mcp_call', ...expected },
      { type: 'mcp_approval_request' },
      { type: 'message' },
    ])
    const again = await client.responses.create({ previous_response_id, input: [answer] })
    // The helper adds `parsed`.
    expect(done.output).toMatchObject(again.output)
  },
)

test('an ability that needs approval interrupts, and is carried out once it is approved', async () => {
  const agent = stockAgent({ url: service.url, agent: await botThatAsks(service.url) })
  say(agent, 'Please call send_mail with text: Hello')
  await runAgent(agent)
  const [interrupt] = agent.pendingInterrupts
  expect(interrupt).toMatchObject({
    reason: 'confirmation',
    toolCallId: interrupt?.id,
    responseSchema: { type: 'object' },
  })
  const resume = [{ interruptId: interrupt?.id ?? '', status: 'resolved' as const, payload: { approved: true } }]
  const { end } = await runAgent(agent, { resume })
  expect(end).toMatchObject({ outcome: { type: 'success' } })
  expect(seen(agent).slice(2)).toEqual([
    ['tool', 'Sent: Hello'],
    ['assistant', expect.any(String)],
  ])
})
