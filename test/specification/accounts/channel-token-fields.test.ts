import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { schema } from '../../../src/api/graphql/schema.ts'
import { ModelFault } from '../../../src/models/model.ts'
import { dataOf, mintToken, overSse } from '../../support/isolation/callers.ts'
import { type SchemaRow, schemaRows } from '../../support/isolation/isolation-rows.ts'
import { minting } from '../../support/isolation/minting.ts'
import { fieldsBehind, tokenFields, wholeSelection } from '../../support/isolation/token-fields.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const key = 'a-key-of-the-owner'
const owner = `Bearer ${key}`
const hidden = 'HIDDEN-FROM-USERS'
const secret = 'the-secret-that-signs-all-the-tokens'
const conversationId = 'a-conversation-of-two-of-them'
const ofConversation = minting(secret).conversation(conversationId, { allow: [] })

/** As isolation.test.ts shows them to be. */
const rootsOf = (isOpen: (row: SchemaRow) => boolean) => [
  ...new Set(schemaRows.filter(isOpen).map(({ name }) => name.replace(/ \(.*/, ''))),
]
const channelRoots = rootsOf(({ token }) => token !== undefined)
const conversationRoots = rootsOf(({ token, conversation }) => token !== undefined || conversation !== undefined)

test('every field that a token reaches has a row in the table, and every row is such a field', () => {
  expect(Object.keys(tokenFields).sort()).toEqual([...fieldsBehind(schema, conversationRoots)].sort())
})

const files = createServer(({ url }, response) => {
  const isThere = url === '/notes.txt'
  response.writeHead(isThere ? 200 : 404, { 'content-type': 'text/plain' }).end(`${hidden}: what the file says`)
})
const model = createScriptedModel(
  [
    {
      lines: [{ reasoning: 'Whom to ask?' }, 'Let me ', 'ask.', { call: 'ask' }, { call: 'known' }, { call: 'nobody' }],
    },
    { lines: ['Half a sen', new ModelFault('unavailable', 'Gone.', { isRetryable: true, retryAfterMs: 0 })] },
    { lines: ['Good ', 'morning.'] },
    { lines: [{ call: 'known' }] },
    { lines: [new ModelFault('rejected', 'Too rude.')] },
    { lines: ['Never ', new Promise(() => {})] },
  ],
  'scripted',
)

let service: Service
/**
 * Of all runs, by what their channels' owner and the holder of a token of each get, and what the owner and the holder of a token of
 * their conversation get: values by field, in their order.
 */
const seen = {
  owner: new Map<string, unknown[]>(),
  token: new Map<string, unknown[]>(),
  'owner of the conversation': new Map<string, unknown[]>(),
  'conversation token': new Map<string, unknown[]>(),
}

beforeAll(async () => {
  await new Promise<void>((resolve) => opened(files).listen(0, '127.0.0.1', resolve))
  const { port } = files.address() as AddressInfo
  service = await startService({
    model: 'scripted',
    providers: [scriptedProvider(model)],
    env: {
      MODEL_PRICES: '{"scripted":{"input":1,"output":1}}',
      API_KEYS: `owner:${key}`,
      TOKEN_SECRET: secret,
      FETCH_ALLOW: `127.0.0.1:${port}`,
    },
  })
  const make = async (query: string) =>
    (await dataOf<{ made: { id: string } }>(service.url, { query, authorization: owner })).made.id
  const botId = await make(`mutation { made: createBot(input: { name: "${hidden}", backstory: "${hidden}" }) { id } }`)
  const contactId = await make(`mutation { made: createContact(input: { name: "${hidden}" }) { id } }`)
  const url = `http://127.0.0.1:${port}`
  const parameters = { type: 'object' }
  const asked = await dispatch({
    botId,
    contactId,
    conversationId,
    meta: { note: hidden },
    backstory: hidden,
    messages: [
      { type: 'BACKSTORY', text: hidden },
      { type: 'CONTEXT', text: hidden, meta: { note: hidden } },
      { type: 'INSTRUCTION', text: hidden },
      { type: 'USER', text: 'Hello', meta: { from: 'the page' } },
    ],
    attachments: [{ url: `${url}/notes.txt` }, { url: `${url}/gone.txt` }],
    functions: [
      { name: 'ask', description: hidden, parameters, result: { channel: 'a-channel-for-the-answer' } },
      { name: 'known', description: hidden, parameters, result: { data: 7 } },
    ],
  })
  await untilStatus(asked, 'WAITING')
  await publish(asked, { hello: 'everyone' })
  await add(asked, [
    { type: 'USER', text: 'And a greeting', meta: { from: 'the page' } },
    { type: 'INSTRUCTION', text: hidden },
  ])
  await look(asked)
  await publish('a-channel-for-the-answer', { result: 42 })
  await untilStatus(asked, 'COMPLETED')
  await look(asked)
  const paused = await dispatch({
    conversationId,
    messages: [{ type: 'USER', text: 'Hello' }],
    functions: [{ name: 'known', description: hidden, parameters, result: { data: 7 } }],
    limits: { iterations: 1, whenReached: 'PAUSE' },
  })
  await untilStatus(paused, 'WAITING')
  const raise = `mutation { raiseDispatchLimits(input: { channelId: "${paused}", limits: { iterations: 1 } }) { __typename } }`
  await dataOf(service.url, { query: raise, authorization: owner })
  await look(paused)
  const give = `mutation { cancelDispatch(channelId: "${paused}") { __typename } }`
  await dataOf(service.url, { query: give, authorization: owner })
  const failed = await dispatch({ conversationId, messages: [{ type: 'USER', text: 'Fail' }] })
  await untilStatus(failed, 'FAILED')
  await look(failed)
  const stopped = await dispatch({ conversationId, messages: [{ type: 'USER', text: 'Stop' }] })
  await untilStatus(stopped, 'RUNNING')
  const cancel = `mutation { cancelDispatch(channelId: "${stopped}", reason: "Enough") ${selectionOf('Mutation', 'cancelDispatch')} }`
  await dataOf(service.url, { query: cancel, authorization: owner })
  await look(stopped)
}, 60_000)

async function dispatch(input: object): Promise<string> {
  const query = 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
  const call = { query, variables: { input }, authorization: owner }
  const data = await dataOf<{ dispatchConversation: { channelId: string } }>(service.url, call)
  return data.dispatchConversation.channelId
}

async function add(channelId: string, messages: readonly object[]): Promise<void> {
  const query =
    'mutation ($channelId: ID!, $messages: [MessageInput!]!) { addDispatchMessages(input: { channelId: $channelId, messages: $messages }) { __typename } }'
  await dataOf(service.url, { query, variables: { channelId, messages }, authorization: owner })
}

async function publish(channelId: string, message: object): Promise<void> {
  const query =
    'mutation ($channelId: ID!, $message: JSONObject!) { publishChannelMessage(channelId: $channelId, message: $message) { channelId } }'
  await dataOf(service.url, { query, variables: { channelId, message }, authorization: owner })
}

async function untilStatus(channelId: string, status: string): Promise<void> {
  const query = `{ dispatch(channelId: "${channelId}") { status } }`
  const call = { query, authorization: owner }
  await vi.waitFor(async () => expect(await dataOf(service.url, call)).toEqual({ dispatch: { status } }), {
    timeout: 20_000,
  })
}

function selectionOf(type: 'Query' | 'Mutation' | 'Subscription', field: string): string {
  const root = schema.getType(type)
  if (root === undefined || !('getFields' in root)) throw new Error(`There is no ${type}.`)
  const output = root.getFields()[field]?.type
  if (output === undefined || !('toString' in output)) throw new Error(`There is no ${type}.${field}.`)
  return wholeSelection(schema, output as Parameters<typeof wholeSelection>[1])
}

/** Everything of a channel, and of its conversation, as their owner and as the holders of tokens get it. */
async function look(channelId: string): Promise<void> {
  const token = `Bearer ${await mintToken(service.url, key, { channelId })}`
  const chatter = `Bearer ${await ofConversation}`
  const conversation = `{ conversation(id: "${conversationId}") ${selectionOf('Query', 'conversation')} }`
  for (const [who, authorization] of [
    ['owner of the conversation', owner],
    ['conversation token', chatter],
  ] as const) {
    note(seen[who], await dataOf(service.url, { query: conversation, authorization }))
  }
  const snapshot = `{ dispatch(channelId: "${channelId}") ${selectionOf('Query', 'dispatch')} }`
  const page = `query ($after: Cursor) { channelHistory(channelId: "${channelId}", first: 8, after: $after) ${selectionOf('Query', 'channelHistory')} }`
  const events = `subscription { channelEvents(channelId: "${channelId}", after: null) ${selectionOf('Subscription', 'channelEvents')} }`
  for (const [who, authorization] of [
    [['owner', 'owner of the conversation'], owner],
    [['token'], token],
    [['conversation token'], chatter],
  ] as const) {
    const noted = (data: unknown) => {
      for (const each of who) note(seen[each], data)
    }
    noted(await dataOf(service.url, { query: snapshot, authorization }))
    for (let after: unknown = null, more: unknown = true; more === true; ) {
      const call = { query: page, variables: { after }, authorization }
      const data = await dataOf<{ channelHistory: Readonly<Record<string, unknown>> }>(service.url, call)
      noted(data)
      after = data.channelHistory['ChannelHistory_endCursor']
      more = data.channelHistory['ChannelHistory_hasMore']
    }
    if (!(await hasEnded(channelId))) continue
    for (const { data } of (await overSse(service.url, { query: events, authorization })).results) noted(data)
  }
}

async function hasEnded(channelId: string): Promise<boolean> {
  const query = `{ dispatch(channelId: "${channelId}") { finishedAt } }`
  const { dispatch: state } = await dataOf<{ dispatch: { finishedAt: string | null } }>(service.url, {
    query,
    authorization: owner,
  })
  return state.finishedAt !== null
}

function note(values: Map<string, unknown[]>, data: unknown): void {
  if (Array.isArray(data)) for (const each of data) note(values, each)
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return
  for (const [name, value] of Object.entries(data)) {
    const field = /^([A-Z]\w+?)_(\w+)$/.exec(name)
    if (field !== null) {
      const list = values.get(`${field[1]}.${field[2]}`) ?? []
      values.set(`${field[1]}.${field[2]}`, [...list, value])
    }
    if (field === null || isComposite(`${field[1]}.${field[2]}`)) note(values, value)
  }
}

/** Whether our own fields are inside, and not a JSON value of somebody's. */
function isComposite(field: string): boolean {
  return ![
    'Message.meta',
    'Dispatch.meta',
    'FunctionCall.arguments',
    'FunctionCallCompleted.data',
    'ChannelMessagePublished.payload',
  ].includes(field)
}

const rows = Object.entries(tokenFields).filter(([name]) => !/^(Query|Mutation|Subscription|\w+Payload)\./.test(name))
const valuesOf = (who: keyof typeof seen, field: string) => seen[who].get(field) ?? []

describe.each([
  ['a channel', 'token', 'owner', fieldsBehind(schema, channelRoots)],
  ['a conversation', 'conversation token', 'owner of the conversation', fieldsBehind(schema, conversationRoots)],
] as const)('with the data of three runs and a token of %s, what is', (_scope, token, owner, reached) => {
  const rowsOf = (sight: string) => rows.flatMap(([name, each]) => (each === sight && reached.has(name) ? [name] : []))

  test('shown: has a value, and exactly the owner’s', () => {
    for (const field of rowsOf('shown')) {
      const values = valuesOf(token, field)
      expect(
        values.some((value) => value !== null),
        `${field} has a value`,
      ).toBe(true)
      const mine = valuesOf(owner, field).map((value) => JSON.stringify(value))
      // Objects hold fields that have rows of their own.
      const leaves = values.filter((value) => typeof value !== 'object')
      for (const value of leaves) expect(mine, field).toContain(JSON.stringify(value))
    }
    expect(valuesOf(token, 'ChannelMessagePublished.payload')).toContainEqual({ hello: 'everyone' })
    expect(valuesOf(token, 'FunctionCallCompleted.data')).toEqual(valuesOf(owner, 'FunctionCallCompleted.data'))
  })

  test('null: has a value for the owner, and null for a token', () => {
    for (const field of rowsOf('null')) {
      expect(
        valuesOf(owner, field).filter((value) => value !== null),
        field,
      ).not.toEqual([])
      expect(new Set(valuesOf(token, field)), field).toEqual(new Set([null]))
    }
  })

  test('left out: the owner’s lists are longer', () => {
    const lengths = (who: keyof typeof seen, field: string) =>
      valuesOf(who, field).reduce<number>((sum, list) => sum + (list as unknown[]).length, 0)
    for (const field of rowsOf('left out').filter((name) => name !== 'ChannelHistory.events')) {
      expect(lengths(token, field), field).toBeGreaterThan(0)
      expect(lengths(owner, field), field).toBeGreaterThan(lengths(token, field))
    }
    // The attachment that cannot be had is told to the model in a context of no attachment.
    expect(lengths(owner, 'ChannelHistory.events')).toBeGreaterThanOrEqual(lengths(token, 'ChannelHistory.events'))
  })

  test('an attachment: shown as an attachment and nothing else', () => {
    const attached = valuesOf(token, 'Message.meta').filter((meta) => JSON.stringify(meta).includes('attachment'))
    expect(attached.length).toBeGreaterThan(0)
    for (const meta of attached) expect(Object.keys(meta as object)).toEqual(['attachment'])
    expect(valuesOf(token, 'Message.text')).toContain('')
  })

  test('hidden: occurs nowhere in what a token gets', () => {
    expect(JSON.stringify([...seen[owner]]).split(hidden).length).toBeGreaterThan(8)
    expect(JSON.stringify([...seen[token]])).not.toContain(hidden)
  })
})
