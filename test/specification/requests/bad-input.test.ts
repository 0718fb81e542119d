import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  channelIdOf,
  codes,
  dispatchMutation,
  documentedErrors,
  expectUnharmed,
  issuePaths,
  type Operation,
  transports,
} from '../../server/ask.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(async () => {
  await expectUnharmed(service.url)
})

const user = { type: 'USER', text: 'Hello' }
const wellFormedId = 'channel-of-this-test'
const history =
  'query ($after: Cursor) { channelHistory(channelId: "channel-of-this-test", after: $after) { hasMore } }'

function dispatching(input: Record<string, unknown>): Operation {
  return { query: dispatchMutation, variables: { input: { messages: [user], ...input } } }
}

function nested(depth: number): Record<string, unknown> {
  return depth === 0 ? {} : { inner: nested(depth - 1) }
}

/** Title, operation, code, and the paths of its issues. */
type Case = readonly [title: string, operation: Operation, code: string, paths?: readonly string[]]

const inputs: readonly Case[] = [
  ['no message', dispatching({ messages: [] }), 'BAD_USER_INPUT', ['input.messages']],
  ['1001 messages', dispatching({ messages: Array(1001).fill(user) }), 'BAD_USER_INPUT', ['input.messages']],
  [
    'an unknown enum value in a variable',
    dispatching({ messages: [user, { type: 'NOBODY', text: '' }] }),
    'BAD_USER_INPUT',
    ['input.messages.1.type'],
  ],
  [
    'a text above the limit',
    dispatching({ messages: [{ type: 'USER', text: 'x'.repeat(1_000_001) }] }),
    'BAD_USER_INPUT',
    ['input.messages.0.text'],
  ],
  ['an unknown model', dispatching({ model: 'openai:gpt-0' }), 'BAD_USER_INPUT', ['input.model']],
  ['an unknown setting of a model', dispatching({ model: 'demo/volume=11' }), 'BAD_USER_INPUT', ['input.model']],
  ['a setting out of range', dispatching({ model: 'demo/words=0' }), 'BAD_USER_INPUT', ['input.model']],
  ['a setting that is none', dispatching({ model: 'demo/words' }), 'BAD_USER_INPUT', ['input.model']],
  [
    'two messages of one id',
    dispatching({ messages: [{ id: 'a', ...user }, user, { id: 'a', ...user }] }),
    'BAD_USER_INPUT',
    ['input.messages.2.id'],
  ],
  [
    'an ACTIVITY without meta.activity',
    dispatching({ messages: [{ type: 'ACTIVITY', text: '', meta: { other: 1 } }] }),
    'BAD_USER_INPUT',
    ['input.messages.0.meta.activity'],
  ],
  [
    'limits out of range',
    dispatching({ limits: { iterations: 0, continuations: 1001 } }),
    'BAD_USER_INPUT',
    ['input.limits.iterations', 'input.limits.continuations'],
  ],
  ['timeoutSeconds of none', dispatching({ timeoutSeconds: 0 }), 'BAD_USER_INPUT', ['input.timeoutSeconds']],
  ['timeoutSeconds of a month', dispatching({ timeoutSeconds: 1_209_601 }), 'BAD_USER_INPUT', ['input.timeoutSeconds']],
  ['notBefore too far', dispatching({ notBefore: '2999-01-01T00:00:00Z' }), 'BAD_USER_INPUT', ['input.notBefore']],
  [
    'a notBefore that is no time',
    dispatching({ notBefore: '2026-13-45T00:00:00Z' }),
    'BAD_USER_INPUT',
    ['input.notBefore'],
  ],
  [
    'a meta nested too deeply',
    dispatching({ messages: [{ ...user, meta: nested(101) }] }),
    'BAD_USER_INPUT',
    ['input.messages.0.meta'],
  ],
  [
    'a channelId of 15 and a continues of other characters',
    dispatching({ channelId: 'x'.repeat(15), continues: 'é'.repeat(20) }),
    'BAD_USER_INPUT',
    ['input.continues', 'input.channelId'],
  ],
  [
    'a malformed cursor in a variable',
    { query: history, variables: { after: 'nonsense' } },
    'BAD_USER_INPUT',
    ['after'],
  ],
  ['a missing variable', { query: dispatchMutation }, 'BAD_USER_INPUT', ['input']],
  [
    'a null for a required variable',
    { query: dispatchMutation, variables: { input: null } },
    'BAD_USER_INPUT',
    ['input'],
  ],
  [
    'variables of the wrong type',
    dispatching({ timeoutSeconds: 'soon', colour: 'red' }),
    'BAD_USER_INPUT',
    ['input.timeoutSeconds', 'input'],
  ],
  [
    'a null where a default stood in',
    { query: 'query ($id: ID = "x") { dispatch(channelId: $id) { id } }', variables: { id: null } },
    'BAD_USER_INPUT',
  ],
  ...['x'.repeat(15), 'x'.repeat(129), 'with a space in it', '../../etc/passwd/x', 'channel{other}:x', ''].flatMap(
    (id): Case[] => [
      [
        `dispatch of ${JSON.stringify(id.slice(0, 20))}`,
        { query: 'query ($id: ID!) { dispatch(channelId: $id) { id } }', variables: { id } },
        'BAD_USER_INPUT',
        ['channelId'],
      ],
      [
        `channelHistory of ${JSON.stringify(id.slice(0, 20))}`,
        { query: 'query ($id: ID!) { channelHistory(channelId: $id) { hasMore } }', variables: { id } },
        'BAD_USER_INPUT',
        ['channelId'],
      ],
    ],
  ),
  ['a page of none', { query: '{ dispatches(first: 0) { edges { cursor } } }' }, 'BAD_USER_INPUT', ['first']],
  ['a page of -1', { query: '{ dispatches(first: -1) { edges { cursor } } }' }, 'BAD_USER_INPUT', ['first']],
  ['a cursor of no list', { query: '{ dispatches(after: "e30") { edges { cursor } } }' }, 'BAD_USER_INPUT', ['after']],
  ['an unknown operation name', { query: 'query A { models { id } }', operationName: 'B' }, 'BAD_USER_INPUT'],
  ['two operations and no name', { query: 'query A { models { id } } query B { models { id } }' }, 'BAD_USER_INPUT'],
  ['no operation', { query: 'fragment A on Query { models { id } }' }, 'BAD_USER_INPUT'],
]

const documents: readonly Case[] = [
  ['a syntax error', { query: '{ models { id }' }, 'GRAPHQL_PARSE_FAILED'],
  ['an empty document', { query: ' ' }, 'GRAPHQL_PARSE_FAILED'],
  ['too many tokens', { query: `{ models { ${'id '.repeat(5000)} } }` }, 'GRAPHQL_PARSE_FAILED'],
  ['selections beyond the stack', { query: '{a'.repeat(2490) }, 'GRAPHQL_PARSE_FAILED'],
  ['values beyond the stack', { query: `{ a(b: ${'['.repeat(4900)}` }, 'GRAPHQL_PARSE_FAILED'],
  ['a field that is none', { query: '{ nonsense }' }, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'an unknown enum value as a literal',
    { query: 'mutation { dispatchConversation(input: { messages: [{ type: NOBODY, text: "" }] }) { channelId } }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a word without quotes within a literal of JSON',
    { query: 'mutation { createContact(input: { meta: { kind: [URGENT] } }) { id } }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a malformed cursor as a literal',
    { query: '{ channelHistory(channelId: "channel-of-this-test", after: "nonsense") { hasMore } }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['introspection too deep', { query: `{ __schema { types { ${deepFields(4)} } } }` }, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'many aliases',
    { query: `{ ${Array.from({ length: 300 }, (_, i) => `a${i}: models { id }`).join(' ')} }` },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a query too costly',
    {
      query:
        '{ dispatches(first: 100) { edges { node { messages { id type text meta } } } } a: dispatches(first: 100) { edges { node { messages { id type text meta } } } } }',
    },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['fragments that double thirty times', { query: doubling(30) }, 'GRAPHQL_VALIDATION_FAILED'],
  ['a fragment within itself', { query: '{ ...A } fragment A on Query { ...A }' }, 'GRAPHQL_VALIDATION_FAILED'],
]

function deepFields(depth: number): string {
  return depth === 0 ? 'name' : `fields { type { ${deepFields(depth - 1)} } }`
}

function doubling(times: number): string {
  const fragments = Array.from({ length: times }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)
  return `{ ...F0 } ${fragments.join(' ')} fragment F${times} on Query { models { id } }`
}

const subscriptions: readonly Case[] = [
  [
    'the cursor of another log',
    { query: 'subscription { channelEvents(channelId: "channel-of-this-test", after: "abcdefgh.1.xyz") { cursor } }' },
    'CURSOR_EXPIRED',
  ],
  [
    '`after` together with `last`',
    {
      query: `subscription { channelEvents(channelId: "${wellFormedId}", after: "abcdefgh.1.xyz", last: 1) { cursor } }`,
    },
    'BAD_USER_INPUT',
    ['last'],
  ],
  [
    'a negative `last`',
    { query: `subscription { channelEvents(channelId: "${wellFormedId}", last: -1) { cursor } }` },
    'BAD_USER_INPUT',
    ['last'],
  ],
  [
    'an interval of hours',
    { query: `subscription { dispatchUpdates(channelId: "${wellFormedId}", intervalMs: 3600000) { id } }` },
    'BAD_USER_INPUT',
    ['intervalMs'],
  ],
  ...['channelEvents', 'dispatchUpdates'].map(
    (field): Case => [
      `${field} of an id that is none`,
      { query: `subscription { ${field}(channelId: "no channel") { __typename } }` },
      'BAD_USER_INPUT',
      ['channelId'],
    ],
  ),
  [
    'two fields in one subscription',
    {
      query: `subscription { a: channelEvents(channelId: "${wellFormedId}") { cursor } b: channelEvents(channelId: "${wellFormedId}") { cursor } }`,
    },
    'GRAPHQL_VALIDATION_FAILED',
  ],
]

describe.for(Object.entries(transports))('over %s', ([transport, ask]) => {
  const cases = transport === 'HTTP' ? [...inputs, ...documents] : [...inputs, ...documents, ...subscriptions]
  test.for(cases)('%s is refused with the documented error', async ([, operation, code, paths = []]) => {
    const results = await ask(service.url, operation)
    expect(new Set(codes(results))).toEqual(new Set([code]))
    expect(issuePaths(results)).toEqual(paths)
  })

  test('the cursor of another channel has expired', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const [result] = await ask(service.url, dispatching({ model: 'demo/delayMs=0/words=5' }))
        return channelIdOf(result)
      }),
    )
    const [first] = await ask(service.url, { query: `{ dispatch(channelId: "${ids[0]}") { cursor } }` })
    const { cursor } = (first?.data?.['dispatch'] ?? {}) as { cursor?: string }
    const query = `query ($after: Cursor) { channelHistory(channelId: "${ids[1]}", after: $after) { hasMore } }`
    expect(codes(await ask(service.url, { query, variables: { after: cursor } }))).toEqual(['CURSOR_EXPIRED'])
  })

  test('a hundred thousand mistakes are answered with the first fifty', async () => {
    const messages = Array(45_000).fill({})
    const [error] = documentedErrors(
      await ask(service.url, { query: dispatchMutation, variables: { input: { messages } } }),
    )
    expect(error?.extensions?.issues).toHaveLength(50)
    expect(JSON.stringify(error).length).toBeLessThan(20_000)
  })

  test('a wrong value of a megabyte is not sent back', async () => {
    const results = await ask(service.url, dispatching({ timeoutSeconds: 'x'.repeat(1_000_000) }))
    expect(codes(results)).toEqual(['BAD_USER_INPUT'])
    expect(JSON.stringify(results).length).toBeLessThan(2000)
  })

  test("GraphiQL's introspection is within the limits", async () => {
    const query = getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true, oneOf: true })
    const [result] = await ask(service.url, { query })
    expect(result?.errors).toBeUndefined()
    expect(result?.data).toHaveProperty('__schema.queryType.name', 'Query')
  })

  test('prototype keys in `meta` have no effect', async () => {
    const meta = JSON.parse(
      '{"constructor":{"prototype":{"polluted":1}},"in":{"__proto__":{"polluted":2}},"__proto__":{"polluted":3}}',
    )
    const [accepted] = await ask(service.url, dispatching({ messages: [{ ...user, meta }] }))
    const channelId = channelIdOf(accepted)
    const query = `{ dispatch(channelId: "${channelId}") { messages { meta } } }`
    const [read] = await ask(service.url, { query })
    expect(JSON.stringify(read?.data)).toContain('"in":{"__proto__":{"polluted":2}}')
    expect({}).not.toHaveProperty('polluted')
  })
})
