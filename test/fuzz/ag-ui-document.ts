import type { OpenApi } from './rest-request.ts'

const text = { type: 'string' }
const object = (properties: object, required: readonly string[] = []) => ({ type: 'object', properties, required })
const oneOf = (...values: readonly unknown[]) => ({ enum: values })
const list = (items: object) => ({ type: 'array', items })
const thread = oneOf('a-thread-of-the-fuzz-1', 'a-thread-of-the-fuzz-2', 'short', '\u0000', '')
const call = oneOf('call_1', 'call_AAAAAAAAAAAAAAAAAAAAAA')

const part = {
  oneOf: [
    object({ type: oneOf('text'), text }, ['type', 'text']),
    object(
      {
        type: oneOf('image', 'document'),
        source: object({ type: oneOf('url', 'data', 'file'), value: oneOf('https://files.invalid/a.png', 'data:,x') }, [
          'type',
          'value',
        ]),
      },
      ['type', 'source'],
    ),
    object({ type: oneOf('binary'), url: text, mimeType: text }, ['type']),
    object({ type: text }, ['type']),
  ],
}
const message = object(
  {
    id: oneOf('m1', 'm2', 'm3', ''),
    role: oneOf('user', 'assistant', 'system', 'tool', 'reasoning', 'activity', 'x'),
    content: { oneOf: [text, list(part)] },
    toolCallId: call,
    error: text,
  },
  ['id', 'role', 'content'],
)
const tool = object(
  {
    name: oneOf('look', 'a-b', '_x'),
    description: text,
    parameters: object({ type: oneOf('object', 'x') }),
    metadata: object({ backchannel: object({ await: { type: 'boolean' }, timeoutSeconds: { type: 'integer' } }) }),
  },
  ['name', 'description'],
)
const resume = object({ interruptId: call, status: oneOf('resolved', 'cancelled', 'x'), payload: {} }, [
  'interruptId',
  'status',
])
const run = object(
  {
    threadId: thread,
    runId: oneOf('r1', 'r2', 'r3', 'r4'),
    messages: list(message),
    tools: list(tool),
    context: list(object({ description: text, value: text }, ['description', 'value'])),
    resume: list(resume),
    state: {},
    forwardedProps: {},
  },
  ['threadId', 'runId', 'messages'],
)
const stop = object({ threadId: thread, runId: oneOf('r1', 'r2', null) }, ['threadId'])
const operation = (schema: object) => ({ post: { requestBody: { content: { 'application/json': { schema } } } } })
const agents = ['default', 'demo', 'demo%2FdelayMs=0', 'none', 'bot_AAAAAAAAAAAAAAAAAAAAAA', '%00']

/** What an AG-UI client asks for, for the fuzz to draw from. */
export const agUiDocument: OpenApi = {
  paths: Object.fromEntries(
    agents.flatMap((agent) => [
      [`/ag-ui/${agent}`, operation(run)],
      [`/ag-ui/${agent}/stop`, operation(stop)],
    ]),
  ),
}
