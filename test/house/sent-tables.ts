import type { Dialect } from '../../src/conversation/schema/dialect.ts'
import { modernSchema } from '../../src/conversation/schema/modern-schema.ts'
import type { Schema } from '../../src/conversation/schema/walk.ts'
import type { AssistantPart, PromptMessage } from '../../src/models/model.ts'
import { bot, calling, look, result, sealed, signed, system, thought, user } from '../models/fit/said.ts'
import { modelAt, type SentTo, sentBody } from '../models/fit/sent.ts'

type Row = readonly string[]

const destinations: readonly (readonly [title: string, to: SentTo])[] = [
  ['`anthropic:`', { model: 'anthropic:claude-sonnet-4-5' }],
  ['`openai:`', { model: 'openai:gpt-5.4' }],
  ['`openai-chat:`', { model: 'openai-chat:gpt-5.4' }],
  ['`compatible:`', { model: 'compatible:llama-3.3' }],
  ['Kimi', { model: 'compatible:kimi-k2.6' }],
  ['Gemini 3', { model: 'compatible:gemini-3-pro' }],
  ['Mistral', { model: 'compatible:mistral-large' }],
  ['Groq', { model: 'compatible:kimi-k2.6', host: 'api.groq.com' }],
]

interface Sent {
  /** The body as it goes out. */
  readonly text: string
  readonly messages: readonly unknown[]
}

interface SentField {
  readonly what: string
  readonly prompt: readonly PromptMessage[]
  readonly cell: (sent: Sent) => string
}

const geminis: AssistantPart = {
  type: 'call',
  callId: 'call_0123456789',
  name: 'look',
  arguments: {},
  metadata: { compatible: { thoughtSignature: 'c2lnbmF0dXJl' } },
}
const big: AssistantPart = { type: 'call', callId: 'call_0123456789', name: 'look', arguments: { id: 2n ** 64n } }
const odd = 'functions.look:0'

const goes =
  (mark: string) =>
  ({ text }: Sent) =>
    text.includes(mark) ? 'goes back' : '–'
const says =
  (words: string) =>
  ({ text }: Sent) =>
    text.includes(`"${words}"`) ? `\`${words}\`` : '–'
const idsIn = ({ text }: Sent) =>
  [...text.matchAll(/"(?:tool_use_id|tool_call_id|call_id)":"([^"]+)"/g)].map(([, id]) => id ?? '')

/** What of a conversation goes out, field by field. */
const fields: readonly SentField[] = [
  {
    what: 'thinking that Anthropic signed, before a call',
    prompt: [user('Rain?'), calling([signed]), result()],
    cell: goes('c2ln'),
  },
  {
    what: 'the same with nothing behind it',
    prompt: [user('Hi'), { role: 'assistant', parts: [signed] }, user('Go on.')],
    cell: goes('c2ln'),
  },
  {
    what: 'reasoning that OpenAI encrypted, before a call',
    prompt: [user('Rain?'), calling([sealed]), result()],
    cell: goes('"encrypted_content":"abc"'),
  },
  {
    what: 'the same with nothing behind it',
    prompt: [user('Hi'), { role: 'assistant', parts: [sealed] }, user('Go on.')],
    cell: goes('"encrypted_content":"abc"'),
  },
  {
    what: 'reasoning in words, before a call',
    prompt: [user('Rain?'), calling([thought('I look.')]), result()],
    cell: goes('I look.'),
  },
  {
    what: 'no reasoning before a call',
    prompt: [user('Rain?'), calling(), result()],
    cell: ({ text }) => (text.includes('"reasoning_content":" "') ? 'a space' : '–'),
  },
  {
    what: 'Gemini’s signature of a call',
    prompt: [user('Rain?'), { role: 'assistant', parts: [geminis] }, result()],
    cell: goes('c2lnbmF0dXJl'),
  },
  {
    what: 'no signature of a call',
    prompt: [user('Rain?'), calling(), result()],
    cell: says('skip_thought_signature_validator'),
  },
  {
    what: `the id \`${odd}\` of a call and its result`,
    prompt: [user('Rain?'), calling([], odd), result(odd)],
    cell: (sent) => {
      const [id = ''] = new Set(idsIn(sent))
      return id === odd ? 'as it is' : `\`${id.replace(/[0-9a-f]{9,}$/, (hex) => `…${hex.length}`)}\``
    },
  },
  {
    what: 'one id for two calls',
    prompt: [
      user('Rain?'),
      calling([], 'call_1'),
      result('call_1'),
      bot('Dry.'),
      user('Now?'),
      calling([], 'call_1'),
      result('call_1'),
    ],
    cell: (sent) => (new Set(idsIn(sent)).size === 2 ? 'two ids' : 'one id'),
  },
  {
    what: 'half of a surrogate pair',
    prompt: [user('half \ud83d')],
    cell: ({ text }) => (text.includes('half \ufffd') ? 'U+FFFD' : 'as it is'),
  },
  {
    what: 'an answer of white space',
    prompt: [user('Hi'), bot(' \n'), user('Hello?')],
    cell: ({ text }) => (text.includes('"assistant"') ? 'goes back' : '–'),
  },
  {
    what: 'whole numbers beyond 2^53',
    prompt: [user('Hi'), { role: 'assistant', parts: [big] }, result()],
    cell: ({ text }) => (text.includes('18446744073709551616') ? 'all digits' : 'rounded'),
  },
  {
    what: 'the system message',
    prompt: [system('Be brief.'), user('Hi')],
    cell: ({ messages }) =>
      `\`${(messages[0] as { role?: string }).role === 'user' ? 'system' : (messages[0] as { role: string }).role}\``,
  },
  { what: 'before an assistant who speaks first', prompt: [bot('Hello.'), user('Hi')], cell: says('Begin.') },
  { what: 'behind an assistant who speaks last', prompt: [user('Hi'), bot('Hello.')], cell: says('Continue.') },
  {
    what: 'between a result and the user',
    prompt: [user('Rain?'), calling(), result(), user('Wind?')],
    cell: says('Done.'),
  },
  {
    what: 'two messages of the user in a row',
    prompt: [user('One.'), user('Two.')],
    cell: ({ messages }) => (messages.length === 1 ? 'one message' : 'two messages'),
  },
]

export const fieldHead: Row = ['what', ...destinations.map(([title]) => title)]

/** Sent for real, to a provider that answers with a refusal. */
export async function fieldRows(): Promise<readonly Row[]> {
  return Promise.all(
    fields.map(async ({ what, prompt, cell }) => {
      const cells = destinations.map(async ([, to]) => {
        const { text, json } = await sentBody(to, { prompt, tools: [look] })
        return cell({ text, messages: (json['messages'] ?? json['input']) as readonly unknown[] })
      })
      return [what, ...(await Promise.all(cells))]
    }),
  )
}

const mediaTypes = ['png', 'jpeg', 'gif', 'webp', 'heic', 'svg+xml', 'bmp'].map((type) => `image/${type}`)

const takers: readonly (readonly [title: string, to: SentTo])[] = [
  ...destinations.slice(0, 3),
  ['`compatible:`', { model: 'compatible:llama-3.3' }],
  ['`compatible:`, `files=images`', { model: 'compatible:llama-3.3', settings: { files: 'images' } }],
]

export const typeHead: Row = ['type', ...takers.map(([title]) => title)]

/** The types of files that each provider is sent. */
export function typeRows(): readonly Row[] {
  return [...mediaTypes, 'application/pdf', 'text/plain'].map((type) => {
    const cells = takers.map(([, to]) => (modelAt(to, () => {}).takesFile?.(type) === true ? 'yes' : '–'))
    return [`\`${type}\``, ...cells]
  })
}

const draft = (name: string) => ({ $schema: `http://json-schema.org/draft-${name}/schema#` })

/** What each dialect has of its own, as a caller writes it. */
const written: Readonly<Record<Dialect, readonly Schema[]>> = {
  'draft-04': [
    { ...draft('04'), minimum: 5, exclusiveMinimum: true },
    { ...draft('04'), id: 'https://a.b/c', type: 'object' },
  ],
  'draft-06': [{ ...draft('06'), type: 'array', items: [{ type: 'string' }], additionalItems: false }],
  'draft-07': [
    { ...draft('07'), dependencies: { a: ['b'] } },
    { ...draft('07'), properties: { a: { $ref: '#/definitions/A', minLength: 1 } }, definitions: { A: {} } },
  ],
  '2019-09': [{ $schema: 'https://json-schema.org/draft/2019-09/schema', properties: { a: { $recursiveRef: '#' } } }],
  '2020-12': [{ $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] }],
  'openapi-3.0': [
    { $schema: 'https://spec.openapis.org/oas/3.0/schema/2021-09-28', type: 'string', enum: ['a'], nullable: true },
  ],
  any: [
    { $id: 'https://a.b/c', properties: { a: { $ref: 'https://a.b/c#/properties/b' } } },
    { $ref: '#/definitions/A', definitions: { A: { type: 'object' } } },
    { anyOf: [{ type: 'string' }], nullable: true },
    { type: 'array', items: [{ type: 'string' }] },
  ],
}

const titles: Readonly<Record<Dialect, string>> = {
  'draft-04': 'draft-04',
  'draft-06': 'draft-06',
  'draft-07': 'draft-07',
  '2019-09': '2019-09',
  '2020-12': '2020-12, OpenAPI 3.1',
  'openapi-3.0': 'OpenAPI 3.0',
  any: 'none, or another',
}

export const dialectHead: Row = ['`$schema`', 'a caller writes', 'the model reads']

export function dialectRows(): readonly Row[] {
  return Object.entries(written).flatMap(([dialect, schemas]) =>
    schemas.map((schema) => {
      const { $schema: _named, ...own } = schema
      return [titles[dialect as Dialect], code(own), code(modernSchema(schema))]
    }),
  )
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)
    .replaceAll(/"(\w+)":/g, '"$1": ')
    .replaceAll(',', ', ')}\``
}
