import { ownersMark, type Things } from './isolation-things.ts'

/** One endpoint of an API over HTTP, and who may use it besides the owner. */
export interface EndpointRow {
  /** Method and path, as the API names them, and what is asked of it where it has several rows. */
  readonly name: string
  /** What stands for the parameters of the path. */
  readonly parameters: (things: Things) => Promise<Readonly<Record<string, string>>>
  readonly body?: (parameters: Readonly<Record<string, string>>) => object
  /** What a token of the channel must allow: READ, which all do, or a permission. Absent: tokens do not open it. */
  readonly token?: 'READ' | 'CANCEL' | 'PUBLISH' | 'ANSWER'
  /** What a token of the conversation must allow, where that is not what `token` says. Absent: it opens what `token` does. */
  readonly conversation?: 'READ' | 'DISPATCH' | 'CANCEL'
}

const none = async () => ({})
const onWaiting = async (things: Things) => ({ channelId: (await things.waiting()).channelId })

interface CrudRows {
  /** Where they stand: `/bot`, `/dataset/{parentId}/record`. */
  readonly base: string
  /** One of them; with `parentId` where they stand in another. */
  readonly one: (things: Things) => Promise<Readonly<Record<string, string>>>
  readonly body: object
  /** Where creating takes another body than changing. */
  readonly created?: () => object
}

function crud({ base, one, body, created = () => body }: CrudRows): readonly EndpointRow[] {
  const parent = async (things: Things) => {
    const { parentId } = await one(things)
    return parentId === undefined ? {} : { parentId }
  }
  return [
    { name: `post ${base}/create`, parameters: parent, body: created },
    { name: `get ${base}/list`, parameters: parent },
    { name: `get ${base}/{id}/fetch`, parameters: one },
    { name: `post ${base}/{id}/update`, parameters: one, body: () => body },
    { name: `post ${base}/{id}/delete`, parameters: one, body: () => ({}) },
  ]
}

const ability = { name: 'new', description: 'New', instruction: 'time[now]' }

export const endpointRows: readonly EndpointRow[] = [
  ...crud({ base: '/bot', one: async ({ bot }) => ({ id: await bot() }), body: { name: 'New' } }),
  ...crud({ base: '/contact', one: async ({ contact }) => ({ id: await contact() }), body: { name: 'New' } }),
  ...crud({ base: '/dataset', one: async ({ dataset }) => ({ id: await dataset() }), body: { name: 'New' } }),
  ...crud({ base: '/skillset', one: async ({ skillset }) => ({ id: await skillset() }), body: { name: 'New' } }),
  ...crud({
    base: '/secret',
    one: async ({ secret }) => ({ id: await secret() }),
    body: { value: 'New' },
    // No two of an account have one name.
    created: () => ({ name: `new-${crypto.randomUUID()}`, value: 'New' }),
  }),
  ...crud({
    base: '/dataset/{parentId}/record',
    one: async ({ record }) => {
      const { datasetId, id } = await record()
      return { parentId: datasetId, id }
    },
    body: { text: 'New' },
  }),
  ...crud({
    base: '/skillset/{parentId}/ability',
    one: async ({ ability }) => {
      const { skillsetId, id } = await ability()
      return { parentId: skillsetId, id }
    },
    body: ability,
  }),
  { name: 'post /contact/ensure', parameters: none, body: () => ({ fingerprint: ownersMark }) },
  {
    name: 'post /dataset/{datasetId}/search',
    parameters: async ({ dataset }) => ({ datasetId: await dataset() }),
    body: () => ({ search: ownersMark }),
  },
  { name: 'post /conversation/dispatch', parameters: none, body: () => ({ messages: [{ type: 'user', text: 'Hi' }] }) },
  { name: 'post /conversation/complete', parameters: none, body: () => ({ messages: [{ type: 'user', text: 'Hi' }] }) },
  ...['dispatch', 'complete'].map((operation) => ({
    name: `post /conversation/{conversationId}/${operation}`,
    parameters: async ({ conversation }: Things) => ({ conversationId: await conversation() }),
    body: () => ({ messages: [{ type: 'user', text: 'Hi' }] }),
    conversation: 'DISPATCH' as const,
  })),
  {
    name: 'post /conversation/{conversationId}/delete',
    parameters: async ({ conversation }) => ({ conversationId: await conversation() }),
  },
  {
    name: 'post /conversation/dispatch/{channelId}/delete',
    parameters: async ({ ended }) => ({ channelId: await ended() }),
  },
  { name: 'get /conversation/dispatch/{channelId}', parameters: onWaiting, token: 'READ' },
  { name: 'post /conversation/dispatch/{channelId}/cancel', parameters: onWaiting, body: () => ({}), token: 'CANCEL' },
  { name: 'post /channel/{channelId}/subscribe', parameters: onWaiting, body: () => ({}), token: 'READ' },
  { name: 'get /channel/{channelId}/subscribe', parameters: onWaiting, token: 'READ' },
  { name: 'post /channel/{channelId}/publish', parameters: onWaiting, body: () => ({ message: {} }), token: 'PUBLISH' },
]
