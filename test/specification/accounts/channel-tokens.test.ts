import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  dataOf,
  mintToken,
  overHttp,
  overSse,
  overWebsocket,
  type Reply,
  refusalOf,
} from '../../support/isolation/callers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const key = 'a-key-of-the-owner'
const authorization = `Bearer ${key}`
/** In everything that an end user must not see. */
const hidden = 'HIDDEN-FROM-USERS'

const files = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(`${hidden}: what the file says`)
})
let fileUrl: string
let service: Service
beforeAll(async () => {
  await new Promise<void>((resolve) => opened(files).listen(0, '127.0.0.1', resolve))
  const { port } = files.address() as AddressInfo
  fileUrl = `http://127.0.0.1:${port}/notes.txt`
  service = await startService({
    // Not the demo model, which quotes what it was given.
    model: 'scripted',
    providers: [scriptedProvider(createScriptedModel([{ lines: ['Good ', 'morning', '.'] }]))],
    env: { API_KEYS: `owner:${key}`, FETCH_ALLOW: `127.0.0.1:${port}` },
  })
})

interface Seen {
  readonly __typename: string
  readonly cursor: string
  readonly messages?: readonly SeenMessage[]
  readonly message?: SeenMessage
}

interface SeenMessage {
  readonly type: string
  readonly text: string
  readonly meta: unknown
}

const messageFields = '{ type text meta }'
const events = `__typename cursor ... on DispatchQueued { messages ${messageFields} } ... on MessageCompleted { message ${messageFields} } ... on TextDelta { position text }`
const watchQuery = `subscription ($channelId: ID!, $after: Cursor, $last: Int) { channelEvents(channelId: $channelId, after: $after, last: $last) { ${events} } }`
const historyQuery = `query ($channelId: ID!, $after: Cursor, $first: Int) { channelHistory(channelId: $channelId, after: $after, first: $first) { endCursor hasMore events { ${events} } } }`
const stateFields = `status messages ${messageFields} bot { name backstory } contact { name email }`
const dispatchQuery =
  'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId channelToken { token expiresAt } } }'

interface Dispatched {
  readonly channelId: string
  readonly channelToken: { readonly token: string; readonly expiresAt: string } | null
}

async function dispatch(input: object, url = service.url): Promise<Dispatched> {
  const variables = { input: { messages: [{ type: 'USER', text: 'Hello' }], ...input } }
  const call = { query: dispatchQuery, variables, authorization }
  return (await dataOf<{ dispatchConversation: Dispatched }>(url, call)).dispatchConversation
}

function eventsIn({ results, closed }: Reply): readonly Seen[] {
  expect(closed).toBe(null)
  return results.map((result) => {
    expect(result.errors).toBe(undefined)
    return result.data?.['channelEvents'] as Seen
  })
}

const made = async (query: string) =>
  (await dataOf<{ made: { id: string } }>(service.url, { query, authorization })).made.id

/** A run with all that is meant for the model alone, to its end. */
async function fullRun() {
  const botId = await made(
    `mutation { made: createBot(input: { name: "Bot ${hidden}", backstory: "${hidden}" }) { id } }`,
  )
  const contactId = await made(`mutation { made: createContact(input: { name: "${hidden}" }) { id } }`)
  const { channelId, channelToken } = await dispatch({
    botId,
    contactId,
    backstory: hidden,
    messages: [
      { type: 'BACKSTORY', text: hidden },
      { type: 'CONTEXT', text: hidden, meta: { note: hidden } },
      { type: 'USER', text: 'Hello', meta: { from: 'the page' } },
      { type: 'INSTRUCTION', text: hidden },
      { type: 'CHECKPOINT', text: 'Greeted' },
    ],
    attachments: [{ url: fileUrl }],
    channelToken: {},
  })
  const owned = eventsIn(
    await overWebsocket(service.url, { query: watchQuery, variables: { channelId }, authorization }),
  )
  return { channelId, owned, token: `Bearer ${channelToken?.token}` }
}

describe('what a channel token shows', () => {
  let run: Awaited<ReturnType<typeof fullRun>>
  beforeAll(async () => {
    run = await fullRun()
  })
  const ask = (query: string, variables: object = {}) =>
    overHttp(service.url, { query, variables: { channelId: run.channelId, ...variables }, authorization: run.token })

  const hello = { type: 'USER', text: 'Hello', meta: { from: 'the page' } }
  const checkpoint = { type: 'CHECKPOINT', text: 'Greeted', meta: null }
  const attachment = () => ({
    type: 'CONTEXT',
    text: '',
    meta: { attachment: { url: fileUrl, mediaType: 'text/plain', bytes: 37, fileId: null } },
  })

  test('the owner sees what an end user does not', () => {
    expect(JSON.stringify(run.owned).split(hidden).length).toBeGreaterThan(4)
  })

  test.each([
    ['WebSocket', overWebsocket],
    ['SSE', overSse],
  ] as const)('over %s: every event in its place, without what was meant for the model', async (_name, transport) => {
    const variables = { channelId: run.channelId }
    const seen = eventsIn(await transport(service.url, { query: watchQuery, variables, authorization: run.token }))
    expect(JSON.stringify(seen)).not.toContain(hidden)
    expect(seen[0]?.messages).toEqual([hello, checkpoint])
    expect(seen.flatMap(({ message }) => message ?? [])).toMatchObject([attachment(), { type: 'BOT' }])
    const facts = (all: readonly Seen[]) => all.filter(({ __typename }) => __typename !== 'TextDelta')
    const places = (all: readonly Seen[]) => facts(all).map(({ __typename, cursor }) => [__typename, cursor])
    expect(places(seen)).toEqual(places(run.owned))
  })

  test('it resumes after any cursor, its own or the owner’s', async () => {
    const facts = run.owned.filter(({ __typename }) => __typename !== 'TextDelta')
    for (const [index, { cursor: after }] of facts.slice(0, -1).entries()) {
      const variables = { channelId: run.channelId, after }
      const seen = eventsIn(await overSse(service.url, { query: watchQuery, variables, authorization: run.token }))
      const rest = seen.filter(({ __typename }) => __typename !== 'TextDelta').map(({ cursor }) => cursor)
      expect(rest).toEqual(facts.slice(index + 1).map(({ cursor }) => cursor))
    }
  })

  test('it reads the same events page by page', async () => {
    const seen: Seen[] = []
    for (let after: string | null = null, more = true; more; ) {
      const { results } = await ask(historyQuery, { after, first: 1 })
      const page = results[0]?.data?.['channelHistory'] as { endCursor: string; hasMore: boolean; events: Seen[] }
      seen.push(...page.events)
      after = page.endCursor
      more = page.hasMore
    }
    expect(JSON.stringify(seen)).not.toContain(hidden)
    const texts = seen.flatMap(({ __typename, cursor }) => (__typename === 'TextDelta' ? [] : [cursor]))
    expect(texts).toEqual(run.owned.flatMap(({ __typename, cursor }) => (__typename === 'TextDelta' ? [] : [cursor])))
  })

  test('a dispatch has no bot, no contact and no hidden messages', async () => {
    const expected = { status: 'COMPLETED', bot: null, contact: null }
    const messages = [hello, checkpoint, attachment(), { type: 'BOT' }]
    const snapshot = await ask(`query ($channelId: ID!) { dispatch(channelId: $channelId) { ${stateFields} } }`)
    expect(snapshot.results).toMatchObject([{ data: { dispatch: { ...expected, messages } } }])
    expect(JSON.stringify(snapshot)).not.toContain(hidden)

    const updates = await overWebsocket(service.url, {
      query: `subscription ($channelId: ID!) { dispatchUpdates(channelId: $channelId) { ${stateFields} } }`,
      variables: { channelId: run.channelId },
      authorization: run.token,
    })
    expect(updates.results.at(-1)).toMatchObject({ data: { dispatchUpdates: { ...expected, messages } } })
    expect(JSON.stringify(updates)).not.toContain(hidden)
  })

  test('the dispatch in the payload of a mutation hides the same', async () => {
    const token = await mintToken(service.url, key, { channelId: run.channelId, allow: ['CANCEL'] })
    const query = `mutation ($channelId: ID!) { cancelDispatch(channelId: $channelId) { dispatch { ${stateFields} } } }`
    const variables = { channelId: run.channelId }
    const reply = await overHttp(service.url, { query, variables, authorization: `Bearer ${token}` })
    expect(reply.results).toMatchObject([{ data: { cancelDispatch: { dispatch: { bot: null, contact: null } } } }])
    expect(JSON.stringify(reply)).not.toContain(hidden)
  })

  test('a continued transcript hides the same', async () => {
    const { channelId, channelToken } = await dispatch({ continues: run.channelId, channelToken: {} })
    const [queued] = eventsIn(
      await overSse(service.url, {
        query: watchQuery,
        variables: { channelId },
        authorization: `Bearer ${channelToken?.token}`,
      }),
    )
    expect(JSON.stringify(queued)).not.toContain(hidden)
    const greeting = { type: 'USER', text: 'Hello', meta: null }
    expect(queued?.messages).toMatchObject([hello, checkpoint, attachment(), { type: 'BOT' }, greeting])
  })

  test('each field of an operation is checked separately', async () => {
    const other = await dispatch({})
    const { results } = await ask(
      'query ($channelId: ID!, $other: ID!) { mine: dispatch(channelId: $channelId) { id } theirs: dispatch(channelId: $other) { id } bots { edges { node { id } } } }',
      { other: other.channelId },
    )
    // `bots` cannot be null, so nothing at all is left.
    expect(results[0]?.data).toBe(null)
    const two =
      'query ($channelId: ID!, $other: ID!) { mine: dispatch(channelId: $channelId) { id } theirs: dispatch(channelId: $other) { id } }'
    expect((await ask(two, { other: other.channelId })).results).toMatchObject([
      { data: { mine: { id: run.channelId }, theirs: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ])
  })

  test('a foreign channel looks the same whether it exists or not', async () => {
    const other = await dispatch({})
    const query = 'query ($channelId: ID!) { channelHistory(channelId: $channelId) { hasMore } }'
    const [there, absent] = await Promise.all([
      ask(query, { channelId: other.channelId }),
      ask(query, { channelId: 'there-is-no-such-channel' }),
    ])
    expect(there).toEqual(absent)
    expect(refusalOf(there)).toEqual(['FORBIDDEN'])
  })
})

describe('minting', () => {
  test('a token lasts one hour by default', async () => {
    const before = Date.now()
    const { channelToken } = await dispatch({ channelToken: {} })
    const expiresAt = new Date(channelToken?.expiresAt ?? 0).getTime()
    expect(expiresAt).toBeGreaterThanOrEqual(before + 3_600_000)
    // It says whole seconds, rounded up.
    expect(expiresAt).toBeLessThan(Date.now() + 3_601_000)
    const month = await dispatch({ channelToken: { expiresInSeconds: 2_592_000 } })
    expect(new Date(month.channelToken?.expiresAt ?? 0).getTime()).toBeGreaterThan(before + 2_591_999_000)
  })

  test.each([0, -1, 2_592_001])(
    '%d seconds are refused by name, and nothing is dispatched',
    async (expiresInSeconds) => {
      const channelId = `refused-channel-${Math.abs(expiresInSeconds)}`
      const input = { channelId, messages: [{ type: 'USER', text: 'Hi' }], channelToken: { expiresInSeconds } }
      const { results } = await overHttp(service.url, { query: dispatchQuery, variables: { input }, authorization })
      expect(results[0]?.errors?.[0]?.extensions).toEqual({
        code: 'BAD_USER_INPUT',
        issues: [
          { path: ['input', 'channelToken', 'expiresInSeconds'], message: 'takes a whole number from 1 to 2592000' },
        ],
      })
      const query = `{ dispatch(channelId: "${channelId}") { id } }`
      expect(await dataOf(service.url, { query, authorization })).toEqual({ dispatch: null })
    },
  )

  test('a repeated dispatch is the same run, whatever token it asks for', async () => {
    const channelId = 'sent-again-with-another-token'
    const input = { channelId, messages: [{ id: 'one', type: 'USER', text: 'Hi' }] }
    const first = await dispatch({ ...input, channelToken: { expiresInSeconds: 60 } })
    const second = await dispatch({ ...input, channelToken: { allow: ['CANCEL'], expiresInSeconds: 120 } })
    const third = await dispatch(input)
    expect([first.channelId, second.channelId, third.channelId]).toEqual([channelId, channelId, channelId])
    expect(second.channelToken?.token).not.toBe(first.channelToken?.token)
    expect(third.channelToken).toBe(null)
  })

  test('a server without API keys also mints tokens and enforces what they open', async () => {
    const open = await startService()
    const { channelId, channelToken } = await dispatch({ channelToken: {} }, open.url)
    const mine = { query: `{ dispatch(channelId: "${channelId}") { id } }`, authorization: channelToken?.token }
    expect(await dataOf(open.url, mine)).toEqual({ dispatch: { id: channelId } })
    const list = { query: '{ dispatches { edges { cursor } } }', authorization: channelToken?.token }
    expect(refusalOf(await overHttp(open.url, list))).toEqual(['FORBIDDEN'])
  })
})
