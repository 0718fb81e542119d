import type { OpenApi } from './rest-request.ts'

const text = { type: 'string' }
const flag = { type: 'boolean' }
const number = { type: 'integer' }
const json = (schema: object) => ({ requestBody: { content: { 'application/json': { schema } } } })
const object = (properties: object, required: readonly string[] = []) => ({ type: 'object', properties, required })
const oneOf = (...values: readonly unknown[]) => ({ enum: values })

const part = {
  oneOf: [
    object({ type: oneOf('input_text', 'output_text'), text }, ['type', 'text']),
    object({ type: oneOf('input_image'), image_url: oneOf('https://files.invalid/a.png', 'data:x'), detail: text }, [
      'type',
    ]),
    object({ type: oneOf('input_file'), file_url: text, file_id: text }, ['type']),
  ],
}
const item = {
  oneOf: [
    object(
      {
        type: oneOf('message'),
        role: oneOf('user', 'assistant', 'system', 'developer', 'tool'),
        content: { oneOf: [text, { type: 'array', items: part }] },
      },
      ['role', 'content'],
    ),
    object({ type: oneOf('item_reference'), id: oneOf('msg_1', 'msg_1.never-used-channel', 'fc_1.') }, ['type']),
    object({ type: oneOf('function_call'), call_id: text, name: text, arguments: oneOf('{}', '{', '[[') }, [
      'type',
      'call_id',
      'name',
      'arguments',
    ]),
    object({ type: oneOf('function_call_output'), call_id: text, output: text }, ['type', 'call_id', 'output']),
    object(
      {
        type: oneOf('mcp_call'),
        name: text,
        arguments: text,
        server_label: oneOf('backchannel'),
        output: text,
        error: {},
      },
      ['type', 'name', 'arguments', 'server_label'],
    ),
    object(
      {
        type: oneOf('reasoning'),
        summary: { type: 'array', items: object({ type: oneOf('summary_text'), text }, ['type', 'text']) },
      },
      ['type', 'summary'],
    ),
  ],
}
const tool = object(
  {
    type: oneOf('function', 'web_search'),
    name: oneOf('look', 'a-b', '', '_x'),
    description: text,
    parameters: oneOf({ type: 'object' }, { type: 7 }, null),
    strict: flag,
  },
  ['type', 'name'],
)

const body = object(
  {
    model: oneOf('demo', 'demo/words=2', 'demo/words=x', 'bot_0123456789012345678901', 'none:none', '/'),
    input: { oneOf: [text, { type: 'array', items: item }] },
    instructions: text,
    previous_response_id: oneOf('resp_a-channel-of-nobody', 'resp_', 'x'),
    conversation: oneOf('a-conversation-of-fuzz', { id: 'a-conversation-of-fuzz' }, 'short'),
    metadata: oneOf({ a: 'b' }, { a: 1 }),
    stream: flag,
    background: flag,
    tools: { type: 'array', items: tool },
    tool_choice: oneOf('auto', 'none', 'required', { type: 'function', name: 'look' }),
    max_tool_calls: number,
    max_output_tokens: number,
    temperature: number,
    reasoning: object({ effort: text, summary: oneOf('auto', 'detailed') }),
    text: object({
      format: object({
        type: oneOf('text', 'json_schema'),
        name: text,
        schema: { type: 'object' },
        strict: { type: 'boolean' },
      }),
      verbosity: text,
    }),
    store: flag,
    truncation: oneOf('disabled', 'auto'),
    include: { type: 'array', items: text },
    something: text,
  },
  ['input'],
)

/** The requests of the OpenAI facade, as far as they are to be drawn. */
export const openaiDocument: OpenApi = {
  paths: {
    '/openai/v1/responses': { post: json(body) },
    '/openai/v1/responses/resp_{id}': { get: {}, delete: {} },
    '/openai/v1/responses/resp_{id}?stream=true&starting_after=3': { get: {} },
    '/openai/v1/responses/{id}': { get: {} },
    '/openai/v1/responses/resp_{id}/cancel': { post: json(object({})) },
    '/openai/v1/responses/resp_{id}/input_items?limit=2': { get: {} },
    '/openai/v1/models': { get: {} },
    '/openai/v1/models/{id}': { get: {} },
  },
}
