import type { FunctionTool, ResponseInputItem } from 'openai/resources/responses/responses'
import { beforeAll, expect, test } from 'vitest'
import { dataOf } from '../../support/isolation/callers.ts'
import { listOf, openClient, polled, refused } from '../../support/openai/client.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

// What users report of other servers with this API.

const model = 'demo/delayMs=0/words=8'
const look = (name: string): FunctionTool => ({
  type: 'function',
  name,
  parameters: { type: 'object', properties: {} },
  strict: null,
})

let service: Service
beforeAll(async () => {
  service = await startService({ model })
})

const outputOf = (call: { readonly call_id: string }): ResponseInputItem => ({
  type: 'function_call_output',
  call_id: call.call_id,
  output: [{ type: 'input_text', text: 'sunny and warm' }],
})

// ogx-ai/ogx#2522, vercel/ai#18537
test('a chain of responses goes on after a call without tools, and calls again later', async () => {
  const { client } = openClient(service.url)
  const first = await client.responses.create({ model, input: 'Please look_up.', tools: [look('look_up')] })
  const [call] = first.output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
  if (call === undefined) throw new Error('It has not called.')
  const second = await client.responses.create({ input: [outputOf(call)], previous_response_id: first.id })
  expect(second.output.map(({ type }) => type)).toEqual(['message'])
  const third = await client.responses.create({
    input: 'Please look_down.',
    tools: [look('look_down')],
    previous_response_id: second.id,
    stream: true,
  })
  const events = await listOf(third)
  expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { output: [{ name: 'look_down' }] } })
  const id = events[0]?.type === 'response.created' ? events[0].response.id : ''
  const items = await listOf(client.responses.inputItems.list(id, { order: 'asc', limit: 1 }))
  expect(items.map(({ type }) => type)).toEqual([
    'message',
    'function_call',
    'function_call_output',
    'message',
    'message',
  ])
})

// danny-avila/LibreChat#11814, sgl-project/sglang#17853
test('the output of a response may be sent back whole, as the client has it', async () => {
  const { client } = openClient(service.url)
  const query = `mutation { made: dispatchConversation(input: {
    model: "demo/delayMs=0/words=8/reasoning=true"
    messages: [{ type: USER, text: "Please look_here, and ask_me." }]
    functions: [
      { name: "look_here", description: "Looks.", parameters: { type: "object" }, result: { data: { far: true } } }
      { name: "ask_me", description: "Asks.", parameters: { type: "object" } }
    ]
  }) { channelId } }`
  const { made } = await dataOf<{ made: { channelId: string } }>(service.url, { query })
  const first = await client.responses.stream({ response_id: `resp_${made.channelId}` }).finalResponse()
  const calls = first.output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
  expect(first.output.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['reasoning', 'mcp_call', 'function_call']),
  )
  const history = [
    { role: 'user', content: 'Please look_here, and ask_me.' },
    ...first.output,
    ...calls.map(outputOf),
    { role: 'assistant', content: [{ type: 'output_text', text: 'It is far.' }] },
    { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'Far, then.' }] },
    { role: 'user', content: [{ type: 'input_text', text: 'How far?' }] },
  ] as ResponseInputItem[]
  const second = await client.responses.create({ model, input: history })
  expect(second.status).toBe('completed')
  const items = await listOf(client.responses.inputItems.list(second.id, { order: 'asc' }))
  expect(items.filter(({ type }) => type === 'function_call_output')).toMatchObject([
    { output: '{"far":true}' },
    { output: 'sunny and warm' },
  ])
})

// NousResearch/hermes-agent#15026
test('a client that leaves in mid-answer finds the whole answer later', async () => {
  const { client } = openClient(service.url)
  let id = ''
  const stream = await client.responses.create({ model: 'demo/delayMs=10/words=40', input: 'Hi', stream: true })
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id
    if (event.type === 'response.output_text.delta') break
  }
  expect((await polled(client, id)).status).toBe('completed')
})

// openai/openai-node#2600
test('a stream after the last event of an ended response is empty, and the helper has the result all the same', async () => {
  const { client } = openClient(service.url)
  const { id, output } = await client.responses.create({ model, input: 'Hi' })
  const last = (await listOf(await client.responses.retrieve(id, { stream: true }))).at(-1)?.sequence_number ?? 0
  expect(await listOf(await client.responses.retrieve(id, { stream: true, starting_after: last }))).toEqual([])
  const stream = client.responses.stream({ response_id: id, starting_after: last })
  expect(await listOf(stream)).toEqual([])
  expect(await stream.finalResponse()).toMatchObject({ status: 'completed', output })
})

// openai/openai-python#2643
test('a response that is streamed or awaited can be cancelled, not only one in the background', async () => {
  const { client } = openClient(service.url)
  const long = { model: 'demo/delayMs=20/words=500', input: 'Hi', metadata: { of: 'cancel' } }
  const stream = client.responses.stream(long)
  stream.once('response.created', ({ response }) => void client.responses.cancel(response.id))
  expect((await stream.finalResponse()).status).toBe('cancelled')
})

test('what a running response cannot do is refused at once, and the client does not ask again', async () => {
  const { client, requests } = openClient(service.url)
  const { id } = await client.responses.create({ model: 'demo/delayMs=20/words=500', input: 'Hi', background: true })
  const go = (input: ResponseInputItem[]) => client.responses.create({ previous_response_id: id, input })
  const before = requests()
  const params = []
  for (const ask of [
    () => go([{ role: 'user', content: 'And?' }]),
    () => go([outputOf({ call_id: 'call_of_nobody' })]),
    () => go([{ type: 'mcp_approval_response', approval_request_id: 'mcpr_of_nobody', approve: true }]),
    () => client.responses.delete(id),
  ]) {
    const { status, param } = await refused(ask())
    params.push([status, param])
  }
  expect(params).toEqual([
    [400, 'previous_response_id'],
    [400, 'input[0].call_id'],
    [400, 'input[0].approval_request_id'],
    [400, null],
  ])
  expect(requests() - before).toBe(4)
  expect((await client.responses.cancel(id)).status).toBe('cancelled')
})
