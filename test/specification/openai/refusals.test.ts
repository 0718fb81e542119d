import { beforeAll, describe, expect, test } from 'vitest'
import { openClient, refused } from '../../support/openai/client.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({
    model: 'demo/delayMs=0',
    env: { API_KEYS: 'owner:a-key-of-the-owner', TOKEN_SECRET: 'a-secret-for-tokens-of-32-characters' },
  })
})

const image = (fields: object) => ({ input: [{ role: 'user', content: [{ type: 'input_image', ...fields }] }] })

/** What is refused, and the parameter that is named. */
const wrong: readonly (readonly [string, object, string | null])[] = [
  ['nothing at all', { input: null }, 'input'],
  ['a parameter that there is not', { stop: 'x' }, 'stop'],
  ['what is not stored', { store: false }, 'store'],
  ['an encrypted part', { include: ['reasoning.encrypted_content'] }, 'include'],
  ['a truncation', { truncation: 'auto' }, 'truncation'],
  ['one call at a time', { parallel_tool_calls: false }, 'parallel_tool_calls'],
  ['a form of the text', { text: { format: { type: 'json_object' } } }, 'text.format.type'],
  ['a verbosity', { text: { verbosity: 'low' } }, 'text.verbosity'],
  ['a prompt of OpenAI', { prompt: { id: 'pmpt_1' } }, 'prompt'],
  ['a completion window', { background_options: {} }, 'background_options'],
  ["a tool of OpenAI's", { tools: [{ type: 'web_search' }] }, 'tools[0].type'],
  ['a name that is no identifier', { tools: [{ type: 'function', name: 'a-b', parameters: null }] }, 'tools[0].name'],
  ['a required call', { tool_choice: 'required' }, 'tool_choice'],
  ['a setting that the model has not', { temperature: 0.5 }, 'temperature'],
  ['an effort that the model has not', { reasoning: { effort: 'high' } }, 'reasoning.effort'],
  ['a wrong number of tokens', { max_output_tokens: 0 }, 'max_output_tokens'],
  ['a wrong number of calls', { max_tool_calls: -1 }, 'max_tool_calls'],
  ['a model that there is not', { model: 'demo:other' }, 'model'],
  ['a bot that there is not', { model: 'bot_AAAAAAAAAAAAAAAAAAAAAA' }, 'model'],
  ['an item that there is not', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input[0].id'],
  [
    'an item of a response that there is not',
    { input: ['Hi', 'Ho'].map((text) => ({ type: 'item_reference', id: `msg_${text}.never-used-channel` })) },
    'input[0].id',
  ],
  ['an item of another type', { input: [{ type: 'computer_call', id: 'cu_1' }] }, 'input[0].type'],
  ['the content of an image', image({ image_url: 'data:image/png;base64,AAAA' }), 'input[0].content[0].image_url'],
  ['an image by its id', image({ file_id: 'file-1' }), 'input[0].content[0].image_url'],
  ['a long key of metadata', { metadata: { ['k'.repeat(65)]: 'v' } }, null],
  ['a response that there is not', { previous_response_id: 'resp_never-used-channel' }, 'previous_response_id'],
  ['an id that is no response', { previous_response_id: 'msg_1' }, 'previous_response_id'],
  ['a conversation in another form', { conversation: 'conv_1' }, 'conversation'],
  [
    'a conversation beside a response',
    { conversation: 'a-conversation-of-mine', previous_response_id: 'resp_never-used-channel' },
    'previous_response_id',
  ],
  [
    'an output without its call',
    { input: [{ type: 'function_call_output', call_id: 'call_1', output: '' }] },
    'input[0].call_id',
  ],
]

describe('a request is refused for good, once, with the parameter that is wrong', () => {
  test.each(wrong)('%s', async (_what, body, param) => {
    const { client, requests } = openClient(service.url, 'a-key-of-the-owner')
    const error = await refused(client.responses.create({ model: 'demo', input: 'Hi', ...body } as never))
    expect([400, 404]).toContain(error.status)
    if (param !== null) expect(error.param).toBe(param)
    expect(error.error).toEqual({
      message: expect.stringMatching(/\w/),
      type: 'invalid_request_error',
      param: error.param,
      code: expect.any(String),
    })
    expect(requests()).toBe(1)
  })

  test('in a query', async () => {
    const { client } = openClient(service.url, 'a-key-of-the-owner')
    const { id } = await client.responses.create({ model: 'demo/delayMs=0', input: 'Hi' })
    const of = async (query: object) => (await refused(client.responses.retrieve(id, query as never))).param
    expect(await of({ starting_after: -1, stream: true })).toBe('starting_after')
    expect(await of({ include_obfuscation: true })).toBe('include_obfuscation')
    expect(await of({ other: 1 })).toBe('other')
    const items = await refused(client.responses.inputItems.list(id, { after: 'msg_never' }))
    expect(items.param).toBe('after')
  })
})

test('a wrong key, another path and another type of body have the form of an OpenAI error', async () => {
  const { client, requests } = openClient(service.url, 'another-key')
  const unknown = await refused(client.responses.create({ model: 'demo', input: 'Hi' }))
  expect([unknown.status, unknown.type, unknown.code, requests()]).toEqual([
    401,
    'authentication_error',
    'invalid_api_key',
    1,
  ])
  const owner = openClient(service.url, 'a-key-of-the-owner').client
  const nothing = await refused(owner.post('/responses/compact', { body: {} }))
  expect([nothing.status, nothing.type]).toEqual([404, 'invalid_request_error'])
  const text = await fetch(`${service.url}/openai/v1/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer a-key-of-the-owner', 'content-type': 'text/plain' },
    body: 'Hi',
  })
  expect([text.status, await text.json()]).toMatchObject([400, { error: { param: 'content-type' } }])
})
