import type { OpenApi } from './rest-request.ts'

const text = { type: 'string' }
const object = (properties: object, required: readonly string[] = []) => ({ type: 'object', properties, required })
const oneOf = (...values: readonly unknown[]) => ({ enum: values })
const chat = oneOf('a-chat-of-the-fuzz-1', 'a-chat-of-the-fuzz-2', 'short', '..')

const part = {
  oneOf: [
    object({ type: oneOf('text', 'reasoning'), text }, ['type', 'text']),
    object({ type: oneOf('file'), mediaType: text, url: oneOf('https://files.invalid/a.png', 'data:,x', 'x') }, [
      'type',
      'url',
    ]),
    object(
      {
        type: oneOf('tool-look', 'dynamic-tool', 'tool-'),
        toolCallId: oneOf('call_1', 'call_AAAAAAAAAAAAAAAAAAAAAA'),
        state: oneOf('output-available', 'output-error', 'input-available', 'approval-responded'),
        output: {},
        errorText: text,
        providerExecuted: { type: 'boolean' },
      },
      ['type', 'toolCallId', 'state'],
    ),
    object({ type: text }, ['type']),
  ],
}
const message = object(
  {
    id: oneOf('m1', 'm2', 'm3', ''),
    role: oneOf('user', 'assistant', 'system', 'tool'),
    parts: { type: 'array', items: part },
  },
  ['id', 'role', 'parts'],
)
const named = object(
  { name: oneOf('look', 'a-b', '_x'), description: text, parameters: object({ type: oneOf('object') }), result: {} },
  ['name', 'description', 'parameters'],
)
const body = object(
  {
    id: chat,
    messages: { type: 'array', items: message },
    trigger: oneOf('submit-message', 'regenerate-message', 'resume-stream'),
    messageId: oneOf('m1', 'm2', null),
    startIndex: oneOf(0, 1),
    model: oneOf('demo/delayMs=0/words=3', 'none'),
    functions: { type: 'array', items: named },
    limits: object({ iterations: { type: 'integer' } }),
    whenBusy: oneOf('interrupt', 'enqueue', 'reject', 'steer', 'rollback', 'x'),
    botID: text,
  },
  ['id', 'messages'],
)
const ofChat = (rest: string) =>
  ['a-chat-of-the-fuzz-1', 'a-chat-of-the-fuzz-3', 'x', 'a%2fb', 'a%00'].map((id) => `/ai-sdk/chat/${id}${rest}`)

/** What the AI SDK's transports ask for, for the fuzz to draw from. */
export const aiSdkDocument: OpenApi = {
  paths: Object.fromEntries([
    // As often as all others together.
    ...Array.from({ length: 30 }, (_, n) => [
      `/ai-sdk/chat?n=${n}`,
      { post: { requestBody: { content: { 'application/json': { schema: body } } } } },
    ]),
    ...['/stream', '/messages', '/stream?startIndex=-2', '/stream?startIndex=1e9', '/nothing', ''].flatMap((rest) =>
      ofChat(rest).map((path) => [path, { get: {} }]),
    ),
    ...ofChat('/stop').map((path) => [path, { post: {} }]),
  ]),
}
