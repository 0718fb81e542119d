import { brotliCompressSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { createAuthenticator } from '../../../../src/access/authenticate.ts'
import type { Api, ApiDeps } from '../../../../src/api/api.ts'
import { createGraphqlApi } from '../../../../src/api/graphql/api.ts'
import { createGraphqlServer } from '../../../../src/api/graphql/transport/graphql-server.ts'
import type { Services } from '../../../../src/api/services.ts'
import { badInput, Failure } from '../../../../src/kernel/errors.ts'
import type { AccountId } from '../../../../src/kernel/ids.ts'
import { startEdge } from '../../../server/edge.ts'

const secret = 'key-of-one-account-0123456789'
const authorization = `Bearer ${secret}`

/** Each `channelId` stands for one outcome of the use case. */
const outcomes: Readonly<Record<string, unknown>> = {
  limited: new Failure('LIMIT_EXCEEDED', 'Too many.', { retryAfterSeconds: 7 }),
  away: new Failure('UNAVAILABLE', 'Redis cannot be reached.'),
  wrong: badInput([{ path: ['input', 'model'], message: 'is unknown' }]),
  defect: new Error('a secret of the server'),
}
const services = {
  readDispatch: async (_account: AccountId, input: unknown) => input,
  dispatchConversation: async (_account: AccountId, { channelId }: { channelId: string }) => {
    throw outcomes[channelId]
  },
  preflight: { models: () => [{ id: 'demo/ä€😀', provider: 'demo', isDefault: true }] },
} as unknown as Services

/** Whether each request was answered around Yoga's HTTP layer, in order. */
const plain: boolean[] = []
let url: string
beforeAll(async () => {
  const apis = (given: ApiDeps): readonly [Api] => {
    const keys = [{ account: 'one' as AccountId, secret }]
    const authenticator = createAuthenticator({ keys: () => keys, tokens: null, clock: () => Date.now() })
    const deps = { ...given, authenticator, reportDefect: () => 'err_of_both' }
    const { plainPosts, yoga } = createGraphqlServer(deps)
    const handle: Api['handle'] = async (request, response) => {
      const isAnswered = await plainPosts(request, response)
      plain.push(isAnswered)
      if (!isAnswered) await yoga(request, response)
    }
    return [{ ...createGraphqlApi(deps), handle }]
  }
  url = (await startEdge(services, { apis, maxBytes: 20_000 })).url
})

interface Answer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

async function answerAt(path: string, headers: Readonly<Record<string, string>>, body: string | Buffer) {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }
  const response = await fetch(`${url}${path}`, init as RequestInit)
  const told = [...response.headers].filter(([name]) => name !== 'date')
  return { status: response.status, headers: told, body: await response.text() } satisfies Answer
}

/** An empty query string changes nothing, but is not plain. */
async function bothWays(headers: Readonly<Record<string, string>>, body: string | Buffer) {
  const before = plain.length
  const around = await answerAt('/graphql', headers, body)
  const through = await answerAt('/graphql?', headers, body)
  return { around, through, plain: plain.slice(before) }
}

const models = '{ models { id } }'
const dispatch = 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
const dispatching = (channelId: string) => ({
  query: dispatch,
  variables: { input: { messages: [], channelId } },
})
const deep = `{ ${'a { '.repeat(4000)}`

type Case = readonly [
  name: string,
  /** In `application/json`. */
  status: number,
  isPlain: boolean,
  body: unknown,
  headers?: Readonly<Record<string, string>>,
]
// biome-ignore format: a table
const requests: readonly Case[] = [
  ['a query', 200, true, { query: models }],
  ['everything that a request may have', 200, true, { query: `query A ${models} query B ${models}`, operationName: 'B', variables: {}, extensions: { clientLibrary: {} } }],
  ['nulls for what is absent', 200, true, { query: models, operationName: null, variables: null, extensions: null }],
  ['a body of several encodings', 200, true, { query: `# ä€😀\n${models}` }],
  ['a compressed body', 200, true, brotliCompressSync(JSON.stringify({ query: models })), { 'content-encoding': 'br' }],
  ['a charset', 200, true, { query: models }, { 'content-type': 'application/json; charset=UTF-8' }],
  ['a hash beside its document', 200, true, { query: models, extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } }],
  ['an empty operation name', 200, false, { query: models, operationName: '' }],
  ['variables as a string', 200, false, { query: models, variables: '{}' }],
  ['an unknown parameter that is null', 200, false, { query: models, id: null }],
  ['a limit with a time', 200, true, dispatching('limited')],
  ['an outage', 200, true, dispatching('away')],
  ['input that the use case refuses', 200, true, dispatching('wrong')],
  ['a defect', 200, true, dispatching('defect')],
  ['a failure beside data', 200, true, { query: `query { models { id } dispatch(channelId: "x") { channelId } }` }],
  ['no variables', 200, true, { query: dispatch }],
  ['wrong variables', 200, true, { query: dispatch, variables: { input: { messages: 1, nothing: 2 } } }],
  ['a wrong default', 200, true, { query: `query ($a: Int = 3) { dispatches(first: $a) { edges { cursor } } }`, variables: { a: 'x' } }],
  ['too much at once', 200, true, { query: `{ ${Array.from({ length: 501 }, (_, i) => `a${i}: __typename`).join(' ')} }` }],
  ['wrong variables of a known operation', 200, true, { query: dispatch, variables: { input: null } }],
  ['wrong variables before too much', 200, true, { query: `query ($a: Int!) { ${Array.from({ length: 501 }, (_, i) => `a${i}: __typename`).join(' ')} dispatches(first: $a) { edges { cursor } } }` }],
  ['too many tokens', 200, false, { query: `{ ${'a '.repeat(6000)} }` }],
  ['too deep for the parser', 200, false, { query: deep }],
  ['a syntax error', 200, false, { query: '{ models { ' }],
  ['an unknown field', 200, false, { query: '{ nothing }' }],
  ['an unknown operation', 200, false, { query: models, operationName: 'Other' }],
  ['two operations and no name', 200, false, { query: `query A ${models} query B ${models}` }],
  ['a subscription that fails', 200, false, { query: 'subscription { channelEvents(channelId: "channel-of-this-test") { cursor } }' }],
  ['a hash alone', 200, false, { extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } }],
  ['no JSON', 400, false, '{"query":'],
  ['no body', 400, false, ''],
  ['a batch', 400, false, [{ query: models }]],
  ['a query that is a number', 400, false, { query: 1 }],
  ['an empty query', 200, false, { query: '' }],
  ['variables in a list', 400, false, { query: models, variables: [] }],
  ['an unknown parameter', 400, false, { query: models, queryId: 'a' }],
  ['a name of the prototype', 400, false, `{"query":"${models}","__proto__":{}}`],
  ['too large a body', 413, false, { query: models, variables: { text: 'x'.repeat(20_000) } }],
  ['an unknown coding', 415, false, { query: models }, { 'content-encoding': 'lzw' }],
  ['another content type', 415, false, { query: models }, { 'content-type': 'text/plain' }],
  ['another charset', 200, false, { query: models }, { 'content-type': 'application/json; charset=latin1' }],
  ['no credential', 200, false, { query: models }, { authorization: '' }],
  ['a wrong credential', 200, false, { query: models }, { authorization: 'Bearer key-of-nobody' }],
]

const toBody = (body: unknown) => (typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))

for (const accept of ['application/json', 'application/graphql-response+json, application/json;q=0.9', '*/*']) {
  test.for(requests)(
    `%s gets the same answer around Yoga and through it (${accept})`,
    async ([name, status, isPlain, body, headers]) => {
      const { around, through, plain } = await bothWays({ authorization, accept, ...headers }, toBody(body))
      expect(plain).toEqual([isPlain, false])
      expect(around).toEqual(through)
      if (!accept.includes('graphql-response')) expect(around.status, name).toBe(status)
    },
  )
}

test.for<readonly [string, boolean]>([
  ['application/json;q=0.1, text/event-stream', true],
  ['text/html, application/json', false],
  ['text/event-stream, application/json', false],
  ['application/json; charset=latin1', false],
  ['text/html', false],
  ['application/graphql-response+json; charset=utf-8', true],
])('an answer to %s is the same around Yoga and through it', async ([accept, isPlain]) => {
  const { around, through, plain } = await bothWays({ authorization, accept }, JSON.stringify({ query: models }))
  expect(plain).toEqual([isPlain, false])
  expect(around).toEqual(through)
})

test('a document that was refused on one transport is refused alike on the next', async () => {
  const body = JSON.stringify({ query: '{ refused { on ' })
  const accept = 'application/graphql-response+json'
  const first = await answerAt('/graphql?', { authorization, accept }, body)
  expect(first.status).toBe(400)
  expect(first.body).toContain('GRAPHQL_PARSE_FAILED')
  expect(await answerAt('/graphql', { authorization, accept }, body)).toEqual(first)
})

test.each([
  undefined,
  {},
  { input: null },
  { input: 1 },
  { input: { messages: 1, nothing: 2 } },
  {
    input: {
      messages: [
        { type: 'NOBODY', text: 'x' },
        { type: 'USER', text: 3 },
      ],
    },
  },
  { input: { messages: Array.from({ length: 80 }, () => 1) } },
  { input: { messages: [], timeoutSeconds: 2 ** 40, notBefore: 'never' } },
])('the variables %j of an operation are refused alike before and after its cost is known', async (variables) => {
  const accept = 'application/graphql-response+json'
  const sent = (query: string) => answerAt('/graphql', { authorization, accept }, JSON.stringify({ query, variables }))
  await answerAt('/graphql', { authorization, accept }, JSON.stringify(dispatching('away')))
  const known = await sent(dispatch)
  expect(known.status).toBe(400)
  expect(known.body).toContain('"issues":[{"path":["input"')
  expect(await sent(`# ${JSON.stringify(variables)}\n${dispatch}`)).toEqual(known)
})

test('an operation that is cheap for one page size is refused for another', async () => {
  const cursors = Array.from({ length: 250 }, (_, i) => `a${i}: cursor`).join(' ')
  const query = `query ($first: Int) { dispatches(first: $first) { edges { ${cursors} } } }`
  const ask = async (first: number) =>
    (await answerAt('/graphql', { authorization }, JSON.stringify({ query, variables: { first } }))).body
  expect(await ask(1)).toContain('INTERNAL') // There is no index here.
  expect(await ask(100)).toMatch(/The complexity of this operation is \d+; at most 30000 is allowed/)
  expect(await ask(1)).toContain('INTERNAL')
})
