import type { FunctionTool } from 'openai/resources/responses/responses'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { dataOf } from '../../support/isolation/callers.ts'
import { thingsOf } from '../../support/isolation/isolation-things.ts'
import { listOf, openClient, polled, refused, textsOf } from '../../support/openai/client.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const model = 'demo/delayMs=0/words=12'

let service: Service
beforeAll(async () => {
  service = await startService({ model })
})

const lookUp: FunctionTool = {
  type: 'function',
  name: 'look_up',
  description: 'Looks something up.',
  parameters: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
  strict: true,
}

describe('a response', () => {
  test('is the same awaited, streamed and polled', async () => {
    const { client } = openClient(service.url)
    const ask = {
      model: 'demo/words=12',
      input: 'What is the sea?',
      instructions: 'Be brief.',
      metadata: { of: 'mine' },
    }
    const awaited = await client.responses.create(ask)
    const events = await listOf(await client.responses.create({ ...ask, stream: true }))
    const queued = await client.responses.create({ ...ask, background: true })
    expect(queued.status).toMatch(/queued|in_progress/)
    const background = await polled(client, queued.id)
    const both = await listOf(await client.responses.create({ ...ask, background: true, stream: true }))

    expect(awaited).toMatchObject({ object: 'response', status: 'completed', model: 'demo', metadata: { of: 'mine' } })
    expect(awaited.output_text.split(' ').length).toBeGreaterThan(5)
    expect([textsOf(events), textsOf(both), [background.output_text]]).toEqual(
      Array.from({ length: 3 }, () => [awaited.output_text]),
    )
    expect(await client.responses.retrieve(awaited.id)).toEqual(awaited)
    expect(awaited.usage?.total_tokens).toBeGreaterThan(0)
    expect(await client.responses.stream(ask).finalResponse()).toMatchObject({ output_text: awaited.output_text })
  })

  test('leaves calls to its client, which goes on with their outputs', async () => {
    const { client } = openClient(service.url)
    const stream = client.responses.stream({ model, input: 'Please look_up whales', tools: [lookUp] })
    const first = await stream.finalResponse()
    expect(first).toMatchObject({ status: 'completed', output: [{ type: 'function_call', name: 'look_up' }] })
    const [call] = first.output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
    expect(JSON.parse(call?.arguments ?? '')).toEqual({ word: expect.any(String) })
    const second = await client.responses.create({
      model,
      previous_response_id: first.id,
      tools: [lookUp],
      input: [{ type: 'function_call_output', call_id: call?.call_id ?? '', output: '{"size":"vast"}' }],
    })
    expect(second).toMatchObject({ status: 'completed', output: [{ type: 'message' }] })
    const items = await listOf(client.responses.inputItems.list(second.id, { order: 'asc' }))
    expect(items).toMatchObject([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Please look_up whales' }] },
      { type: 'function_call', name: 'look_up', call_id: call?.call_id },
      { type: 'function_call_output', call_id: call?.call_id, output: '{"size":"vast"}' },
    ])
    const newest = await client.responses.inputItems.list(second.id, { limit: 2 })
    expect([newest.data.map(({ type }) => type), newest.has_more]).toEqual([
      ['function_call_output', 'function_call'],
      true,
    ])
  })

  test('takes a whole history instead, with the system message, calls and thoughts in it', async () => {
    const { client } = openClient(service.url)
    const { id } = await client.responses.create({
      model,
      input: [
        { role: 'developer', content: 'Speak like a sailor.' },
        { role: 'user', content: [{ type: 'input_text', text: 'Look.' }] },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'I had better look.' }] },
        { type: 'function_call', call_id: 'theirs_1', name: 'look_up', arguments: '{"word":"sea"}' },
        { type: 'function_call_output', call_id: 'theirs_1', output: 'wide' },
        { role: 'assistant', content: 'It is wide.' },
        { role: 'system', content: 'Now hurry.' },
        { role: 'user', content: 'How wide?' },
      ],
    })
    const items = await listOf(client.responses.inputItems.list(id, { order: 'asc' }))
    expect(items.map((item) => ('role' in item ? `${item.role}` : item.type))).toEqual([
      'system',
      'user',
      'reasoning',
      'function_call',
      'function_call_output',
      'assistant',
      'developer',
      'user',
    ])
  })

  test('belongs to the conversation that it names', async () => {
    const { client } = openClient(service.url)
    const conversation = 'a-conversation-of-openai'
    const ask = (input: string) => client.responses.create({ model, input, conversation })
    const first = await ask('My name is Ada.')
    const second = await ask('Who am I?')
    expect(second.conversation).toEqual({ id: conversation })
    const items = await listOf(client.responses.inputItems.list(second.id, { order: 'asc' }))
    const said = items.map((item) => ('content' in item ? item.content : null))
    expect(said).toMatchObject([[{ text: 'My name is Ada.' }], [{ text: first.output_text }], [{ text: 'Who am I?' }]])
  })

  test('that waits takes the outputs of its calls, and goes on as itself', async () => {
    const { client } = openClient(service.url)
    const { channelId, callId } = await thingsOf(service.url, 'a-key').waiting()
    const id = `resp_${channelId}`
    const waiting = await client.responses.retrieve(id)
    expect(waiting).toMatchObject({ status: 'in_progress', output: [{ type: 'function_call', call_id: callId }] })
    const answer = { type: 'function_call_output', call_id: callId, output: 'yes' } as const
    const go = { previous_response_id: id, input: [answer] }
    const { param } = await refused(
      client.responses.create({ ...go, input: [answer, { role: 'user', content: 'And more.' }] }),
    )
    expect(param).toBe('input')
    const gone = await client.responses.create(go)
    expect(gone).toMatchObject({ id, status: 'completed', output: [{ type: 'function_call' }, { type: 'message' }] })
    // Sent again, as after a lost answer.
    expect(await client.responses.create(go)).toEqual(gone)
    const other = await refused(client.responses.create({ ...go, input: [{ ...answer, output: 'no' }] }))
    expect([other.status, other.param]).toEqual([400, 'input[0].call_id'])
  })

  test('is cut where its tokens end', async () => {
    const { client } = openClient(service.url)
    const whole = await client.responses.create({ model, input: 'Hi' })
    const cut = await client.responses.create({ model, input: 'Hi', max_output_tokens: 3 })
    expect(cut).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      max_output_tokens: 3,
    })
    expect(whole.output_text.startsWith(cut.output_text.trim())).toBe(true)
    expect(cut.output_text.length).toBeLessThan(whole.output_text.length)
  })

  test('is forced to call the function that is chosen, calls no more than it may, and none where none is chosen', async () => {
    const { client } = openClient(service.url)
    const ask = { model, input: 'Say look_up.', tools: [lookUp] }
    const chosen = await client.responses.create({
      ...ask,
      input: 'Hello.',
      tool_choice: { type: 'function', name: 'look_up' },
    })
    expect(chosen.output.map(({ type }) => type)).toEqual(['function_call'])
    const limited = await client.responses.create({
      ...ask,
      input: 'Please look_up and look_down.',
      tools: [lookUp, { ...lookUp, name: 'look_down' }],
      max_tool_calls: 1,
    })
    expect(limited.output).toMatchObject([
      { type: 'function_call', name: 'look_up' },
      { type: 'mcp_call', name: 'look_down', status: 'failed' },
    ])
    const none = await client.responses.create({ ...ask, tool_choice: 'none' })
    expect(none.output.map(({ type }) => type)).toEqual(['message'])
  })
})

test('an awaited request is answered when its response waits for its client again', async () => {
  const scripted = createScriptedModel([
    { lines: [{ call: 'ask_one' }] },
    { lines: [{ call: 'ask_two' }] },
    { lines: ['Both told.'] },
  ])
  const other = await startService({ providers: [scriptedProvider(scripted)], model: scripted.name })
  const functions = ['ask_one', 'ask_two'].map((name) => ({
    name,
    description: name,
    parameters: { type: 'object' },
    result: { await: true },
  }))
  const query =
    'mutation ($input: DispatchConversationInput!) { made: dispatchConversation(input: $input) { channelId } }'
  const input = { messages: [{ type: 'USER', text: 'Hi' }], functions }
  const { made } = await dataOf<{ made: { channelId: string } }>(other.url, { query, variables: { input } })
  const { client } = openClient(other.url)
  const id = `resp_${made.channelId}`
  const asked = async (name: string) =>
    vi.waitFor(async () => {
      const { output } = await client.responses.retrieve(id)
      const [call] = output.flatMap((item) => (item.type === 'function_call' && item.name === name ? [item] : []))
      expect(call).toBeDefined()
      return call?.call_id ?? ''
    })
  const tell = async (name: string) => {
    const output = { type: 'function_call_output', call_id: await asked(name), output: 'yes' } as const
    return client.responses.create({ previous_response_id: id, input: [output] })
  }
  expect(await tell('ask_one')).toMatchObject({ id, status: 'in_progress', output: [{}, { name: 'ask_two' }] })
  expect(await tell('ask_two')).toMatchObject({ id, status: 'completed', output_text: 'Both told.' })
})

describe('a cancelled response', () => {
  test('ends its streams as incomplete, and is cancelled, also the second time', async () => {
    const { client } = openClient(service.url)
    const { id } = await client.responses.create({ model: 'demo/delayMs=20/words=500', input: 'Hi', background: true })
    const stream = client.responses.stream({ response_id: id })
    stream.once('response.output_text.delta', () => void client.responses.cancel(id))
    const final = await stream.finalResponse()
    expect(final.status).toBe('cancelled')
    const retrieved = await client.responses.retrieve(id)
    expect(retrieved).toMatchObject({ status: 'cancelled', output_text: final.output_text })
    expect(retrieved.output_text).not.toBe('')
    const { output_text, ...again } = retrieved
    expect(await client.responses.cancel(id)).toEqual(again)
    expect(output_text).toBe(final.output_text)
    const events = await listOf(await client.responses.retrieve(id, { stream: true }))
    expect(events.at(-1)).toMatchObject({ type: 'response.incomplete', response: { status: 'cancelled' } })
  })

  test('is deleted once it has ended', async () => {
    const { client, requests } = openClient(service.url)
    const { id } = await client.responses.create({ model: 'demo/delayMs=20/words=500', input: 'Hi', background: true })
    const before = requests()
    const running = await refused(client.responses.delete(id))
    expect([running.status, requests() - before]).toEqual([400, 1])
    await client.responses.cancel(id)
    await client.responses.delete(id)
    expect((await refused(client.responses.retrieve(id))).status).toBe(404)
  })
})

describe('a request whose answer is lost', () => {
  /** The reply to the first POST does not arrive. */
  const losing = (): typeof fetch => {
    let isLost = false
    return async (...given) => {
      const response = await fetch(...given)
      if (isLost) return response
      isLost = true
      await response.text()
      throw new TypeError('fetch failed')
    }
  }
  const ask = { model, input: 'Hi', background: true } as const

  test('is sent again by the client, and is one response under an idempotency key', async () => {
    const headers = { 'Idempotency-Key': 'my-key-1' }
    const { client, requests } = openClient(service.url, 'a-key', losing())
    const first = await client.responses.create(ask, { headers })
    expect(requests()).toBe(2)
    const again = await client.responses.create(ask, { headers })
    expect(again.id).toBe(first.id)
    const before = requests()
    const other = await refused(client.responses.create({ ...ask, input: 'Ho' }, { headers }))
    expect([other.status, other.param, requests() - before]).toEqual([400, 'Idempotency-Key', 1])
  })

  test('is two responses without: the option of the client for a key sends none', async () => {
    const sent: (string | null)[] = []
    const send = losing()
    const { client } = openClient(service.url, 'a-key', (url, init) => {
      sent.push(new Headers(init?.headers).get('idempotency-key'))
      return send(url, init)
    })
    await client.responses.create({ ...ask, metadata: { test: 'lost' } }, { idempotencyKey: 'my-key-2' })
    expect(sent).toEqual([null, null])
  })
})

test('the models of the server are listed, and found by their names', async () => {
  const { client, requests } = openClient(service.url)
  const models = await listOf(client.models.list())
  expect(models).toEqual([{ id: 'demo', object: 'model', created: 0, owned_by: 'demo' }])
  expect(await client.models.retrieve('demo')).toEqual(models[0])
  const before = requests()
  const { status, param } = await refused(client.models.retrieve('compatible:org/name'))
  expect([status, param, requests() - before]).toEqual([404, 'model', 1])
})

test('a bot answers where its id stands in the place of a model', async () => {
  const { client } = openClient(service.url)
  const bot = await thingsOf(service.url, 'a-key').bot()
  expect((await client.responses.create({ model: bot, input: 'Hi' })).status).toBe('completed')
  const { param } = await refused(client.responses.create({ model: bot, input: 'Hi', temperature: 1 }))
  expect(param).toBe('temperature')
})
