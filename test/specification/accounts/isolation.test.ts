import { beforeAll, describe, expect, test } from 'vitest'
import { channelPermissions, conversationPermissions } from '../../../src/access/principal.ts'
import { schema } from '../../../src/api/graphql/schema.ts'
import { atLength } from '../../support/at-length.ts'
import { callerTransports, dataOf, type Reply, refusalOf, type Transport } from '../../support/isolation/callers.ts'
import type { SchemaRow } from '../../support/isolation/isolation-rows.ts'
import { absentThings, ownersMark, thingsOf } from '../../support/isolation/isolation-things.ts'
import { matrices } from '../../support/isolation/matrices.ts'
import { minting } from '../../support/isolation/minting.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const isAtLength = atLength(0, 1) === 1
const owner = 'a-key-of-the-owner'
const other = 'a-key-of-the-other'
const secret = 'the-secret-that-signs-channel-tokens'

let service: Service
beforeAll(async () => {
  service = await startService({
    model: 'demo/delayMs=0/words=10',
    env: { API_KEYS: `owner:${owner},other:${other}`, TOKEN_SECRET: secret },
  })
})

const allTransports = Object.entries(callerTransports).flatMap(([name, transport]) =>
  matrices.graphql
    .filter((row) => !isSubscription(row) || name !== 'HTTP')
    .map((row) => [row.name, name, row, transport] as const),
)

/** In the suite one transport for each row, another one for the next; at length each transport for each row. */
const rowTransports = allTransports.filter(([, name, row], _, all) => {
  const own = all.filter(([, , each]) => each === row).map(([, each]) => each)
  return isAtLength || own[matrices.graphql.indexOf(row) % own.length] === name
})

function isSubscription({ name }: SchemaRow): boolean {
  return name.startsWith('Subscription.')
}

test('every query, mutation and subscription has a row', () => {
  const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
  )
  expect(new Set(matrices.graphql.map(({ name }) => name.replace(/ \(.*/, '')))).toEqual(new Set(fields))
})

const mint = minting(secret)
const rightsOf = <Permission extends string>(permissions: readonly Permission[]) => [
  ['READ', [] as readonly Permission[]] as const,
  ...permissions.map((permission) => [permission.toUpperCase(), [permission] as readonly Permission[]] as const),
]
const ofChannel = rightsOf(channelPermissions)
const ofConversation = rightsOf(conversationPermissions)
const neededOf = ({ conversation, token }: SchemaRow) => conversation ?? token

interface Asking {
  /** Null: none is sent. */
  readonly credential: string | null
  readonly variables: object
  readonly take?: number
}

function ask({ query }: SchemaRow, transport: Transport, { credential, ...rest }: Asking): Promise<Reply> {
  const authorization = credential === null ? undefined : `Bearer ${credential}`
  return transport(service.url, { query, authorization, ...rest })
}

/** The row's variables about things that are the owner's, made for this, and the channel and conversation that tokens are minted for. */
async function fresh(row: SchemaRow) {
  const variables = await row.variables(thingsOf(service.url, owner))
  const channelId = typeof variables['channelId'] === 'string' ? variables['channelId'] : 'some-channel-of-the-owner'
  const {
    id,
    conversationId = row.name === 'Query.conversation' ? id : undefined,
    input,
  } = variables as Readonly<Record<string, string | undefined>> & {
    readonly input?: { readonly conversationId?: string }
  }
  const query = 'query ($channelId: ID!) { dispatch(channelId: $channelId) { conversationId } }'
  const { dispatch } = await dataOf<{ dispatch: { conversationId: string } | null }>(service.url, {
    query,
    variables: { channelId },
    authorization: `Bearer ${owner}`,
  })
  const conversation = dispatch?.conversationId ?? input?.conversationId ?? conversationId
  return { variables, channelId, conversation: conversation ?? 'some-conversation-of-the-owner' }
}

function expectDone(row: SchemaRow, reply: Reply): void {
  expect(refusalOf(reply)).toEqual([])
  expect(reply.results[0]?.data).toMatchObject({ [fieldOf(row)]: expect.anything() })
}

describe.each(rowTransports)('%s over %s', (_name, _transport, row, transport) => {
  const isWebsocket = transport === callerTransports.WebSocket

  test('serves the owner, and does nothing for anyone else', async () => {
    const { variables, channelId, conversation } = await fresh(row)
    const strangers: readonly (readonly [string | null, number])[] = [
      [null, 4401],
      ['a-key-of-no-one-at-all', 4401],
      [`${owner}x`, 4401],
      [await mint.channel(channelId, { allow: channelPermissions, ageSeconds: 7200 }), 4403],
      [await mint.conversation(conversation, { allow: conversationPermissions, ageSeconds: 7200 }), 4403],
    ]
    for (const [credential, closed] of strangers) {
      const reply = await ask(row, transport, { credential, variables })
      expect(refusalOf(reply)).toEqual([isWebsocket ? closed : 'UNAUTHENTICATED'])
      expect(reply.results.filter(({ data }) => data != null)).toEqual([])
    }
    const lacks = (needed: string | undefined) => (right: readonly [string, unknown]) =>
      needed !== 'READ' && needed !== right[0]
    const limited = [
      mint.channel('another-channel-of-the-owner', { allow: channelPermissions }),
      mint.conversation('another-conversation-of-the-owner', { allow: conversationPermissions }),
      ...ofChannel.filter(lacks(row.token)).map(([, allow]) => mint.channel(channelId, { allow })),
      ...ofConversation.filter(lacks(neededOf(row))).map(([, allow]) => mint.conversation(conversation, { allow })),
    ]
    for (const credential of await Promise.all(limited)) {
      const reply = await ask(row, transport, { credential, variables })
      expect(refusalOf(reply)).toEqual(['FORBIDDEN'])
      expect(JSON.stringify(reply)).not.toContain(ownersMark)
    }
    await asAnother(row, transport, variables)

    // Nothing of that has used it up, ended or removed it.
    expectDone(row, await ask(row, transport, { credential: owner, variables, take: 1 }))
  })
})

describe.each(rowTransports.filter(([, , row]) => neededOf(row) !== undefined))(
  '%s over %s',
  (_name, _transport, row, transport) => {
    test.each(ofChannel.filter(([name]) => row.token === 'READ' || row.token === name))(
      'opens to a token of its channel that allows %s',
      async (_right, allow) => {
        const { variables, channelId } = await fresh(row)
        const credential = await mint.channel(channelId, { allow })
        expectDone(row, await ask(row, transport, { credential, variables, take: 1 }))
      },
    )

    test.each(ofConversation.filter(([name]) => neededOf(row) === 'READ' || neededOf(row) === name))(
      'opens to a token of its conversation that allows %s',
      async (_right, allow) => {
        const { variables, conversation } = await fresh(row)
        const botId = await thingsOf(service.url, owner).bot()
        const credential = await mint.conversation(conversation, { allow, botId })
        expectDone(row, await ask(row, transport, { credential, variables, take: 1 }))
      },
    )
  },
)

function fieldOf({ name }: SchemaRow): string {
  return /\.(\w+)/.exec(name)?.[1] ?? ''
}

/** To another account, what is the owner's is as what has never been: the same answer, but for the ids. */
async function asAnother(row: SchemaRow, transport: Transport, owned: object): Promise<void> {
  const answer = async (variables: object): Promise<string> => {
    const call = {
      query: row.query,
      variables,
      authorization: `Bearer ${other}`,
      ...(row.isEndless && { take: 1 }),
    }
    const asked = transport(service.url, call)
    // A channel may be watched ahead: it is the other's own run that comes, under the same id.
    if (isSubscription(row)) await dispatchInto(variables)
    const reply = await asked
    expect(JSON.stringify(reply)).not.toContain(ownersMark)
    const last = JSON.stringify([reply.results.at(-1), reply.closed])
    return Object.entries(flat(variables)).reduce((text, [path, id]) => text.replaceAll(id, path), last)
  }
  expect(await answer(owned)).toBe(await answer(await row.variables(absentThings)))
}

/** @param place the channel, or the conversation */
async function dispatchInto(place: object): Promise<void> {
  await dataOf(service.url, {
    query: 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }',
    variables: { input: { ...place, messages: [{ type: 'USER', text: 'Of the other' }] } },
    authorization: `Bearer ${other}`,
  })
}

/** The texts in variables, by where they stand. */
function flat(value: object, path = '$'): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      if (typeof inner === 'object' && inner !== null) return Object.entries(flat(inner, `${path}.${name}`))
      return typeof inner === 'string' && inner.length >= 16 ? [[`${path}.${name}`, inner]] : []
    }),
  )
}
