import { beforeAll, describe, expect, test } from 'vitest'
import { type AnswerSchemas, createAnswerSchemas } from '../../support/isolation/answer-schemas.ts'
import { mintToken } from '../../support/isolation/callers.ts'
import { type EndpointRow, endpointRows } from '../../support/isolation/isolation-endpoints.ts'
import { absentThings, thingsOf } from '../../support/isolation/isolation-things.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const owner = 'a-key-of-the-owner'

let service: Service
let schemas: AnswerSchemas
/** What has been validated of each operation. */
const validated = new Map<string, Set<'success' | 'error'>>()
beforeAll(async () => {
  service = await startService({ env: { API_KEYS: `owner:${owner}` } })
  schemas = createAnswerSchemas(await (await fetch(`${service.url}/openapi.json`)).json())
})

const rows: readonly EndpointRow[] = [
  ...endpointRows,
  { name: 'post /graphql', parameters: async () => ({}), body: () => ({ query: '{ models { id } }' }) },
]

interface Asking {
  readonly parameters: Readonly<Record<string, string>>
  readonly credential?: string | null
  /** Default: the row's. */
  readonly body?: object | string | undefined
  readonly accept?: string
}

/** Asks, and holds the answer to the document; of a stream that does not end, its beginning. The status. */
async function answerTo(row: EndpointRow, asking: Asking): Promise<number> {
  const { parameters, credential = owner, body = row.body?.({}), accept = '*/*' } = asking
  const [method = '', template = ''] = row.name.split(' ')
  const path = template.replaceAll(/\{(\w+)\}/g, (_match, parameter: string) => parameters[parameter] ?? '')
  const abort = new AbortController()
  const response = await fetch(`${service.url}/v1${path}`, {
    method: method.toUpperCase(),
    headers: {
      'content-type': 'application/json',
      accept,
      ...(credential !== null && { authorization: `Bearer ${credential}` }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: abort.signal,
  })
  const isEndless = response.status === 200 && row.name.endsWith('/subscribe')
  const text = isEndless
    ? Buffer.from((await response.body?.getReader().read())?.value ?? []).toString('utf8')
    : await response.text()
  abort.abort()
  expect(schemas.problemOf(row.name, response, text)).toBe(null)
  const kinds = validated.get(row.name) ?? new Set()
  const isError = response.status >= 400 || text.startsWith('{"errors"')
  validated.set(row.name, kinds.add(isError ? 'error' : 'success'))
  return response.status
}

const streaming: Readonly<Record<string, readonly string[]>> = {
  'post /conversation/complete': ['application/json', 'application/jsonl', 'text/event-stream'],
  'post /channel/{channelId}/subscribe': ['application/jsonl', 'text/event-stream'],
  'get /channel/{channelId}/subscribe': ['application/jsonl', 'text/event-stream'],
}

describe.each(rows.map((row) => [row.name, row] as const))('%s answers as the document says', (name, row) => {
  const types = streaming[name] ?? (name.endsWith('/list') ? ['application/json', 'application/jsonl'] : ['*/*'])
  test.each(types)('on success, as %s', async (accept) => {
    const parameters = await row.parameters(thingsOf(service.url, owner))
    expect(await answerTo(row, { parameters, accept })).toBe(200)
  })

  test('on refusal', async () => {
    const parameters = await row.parameters(thingsOf(service.url, owner))
    // GraphQL's own errors are answers of 200 as `application/json`.
    const isGraphql = name === 'post /graphql'
    for (const credential of [null, 'a-key-of-no-one-at-all']) {
      expect(await answerTo(row, { parameters, credential })).toBe(isGraphql ? 200 : 401)
    }
    const token = await mintToken(service.url, owner, { channelId: 'another-channel-of-the-owner' })
    expect(await answerTo(row, { parameters, credential: token })).toBe(isGraphql ? 200 : 403)
    if (row.body !== undefined) {
      expect(await answerTo(row, { parameters, body: '{"broken' })).toBe(400)
      const wrong = {
        messages: 1,
        message: 1,
        historyLength: 'x',
        reason: 7,
        search: 1,
        name: 1,
        value: 1,
        text: 1,
        query: 1,
      }
      const status = await answerTo(row, { parameters, body: wrong })
      // Deleting asks for nothing, and looks at nothing.
      expect(status).toBe(name.endsWith('/delete') ? 200 : 400)
    }
    const absent = await row.parameters(absentThings)
    // Both come to be when they are named.
    const isChannel = /^(get|post) \/(channel\/|conversation\/\{conversationId\}\/(dispatch|complete))/.test(name)
    const expected = Object.keys(absent).length === 0 || isChannel ? 200 : 404
    // An update that is refused for its body would not be looked up.
    if (!/create$|ensure$/.test(name)) expect(await answerTo(row, { parameters: absent })).toBe(expected)
  })
})

test('every operation succeeded and refused once, and both answers match the document', () => {
  const seen = schemas.operations.map((name) => [name, [...(validated.get(name) ?? [])].sort()])
  expect(seen).toEqual(schemas.operations.map((name) => [name, ['error', 'success']]))
})
