import { expect, vi } from 'vitest'
import { dataOf } from './callers.ts'

/** In everything that the owner has, so that it shows wherever it comes out. */
export const ownersMark = 'the-owner-was-here'

/** What operations are about; each call makes another one. */
export interface Things {
  /** A channel whose run waits for an answer to the call, in a conversation. */
  waiting(): Promise<{ readonly channelId: string; readonly callId: string }>
  /** A conversation whose dispatch has ended. */
  conversation(): Promise<string>
  /** A channel whose run has ended. */
  ended(): Promise<string>
  bot(): Promise<string>
  contact(): Promise<string>
  dataset(): Promise<string>
  record(): Promise<{ readonly datasetId: string; readonly id: string }>
  skillset(): Promise<string>
  ability(): Promise<{ readonly skillsetId: string; readonly id: string }>
  secret(): Promise<string>
  /** The same one as long as it is there: an account has few. */
  webhook(): Promise<string>
  /** Of a dispatch that has ended. */
  delivery(): Promise<string>
}

const nothing = 'AAAAAAAAAAAAAAAAAAAAAA'

const unusedChannel = () => `never-used-${crypto.randomUUID()}`

/** Ids of the right form under which there has never been anything. */
export const absentThings: Things = {
  waiting: async () => ({ channelId: unusedChannel(), callId: `call_${nothing}` }),
  conversation: async () => unusedChannel(),
  ended: async () => unusedChannel(),
  bot: async () => `bot_${nothing}`,
  contact: async () => `contact_${nothing}`,
  dataset: async () => `dataset_${nothing}`,
  record: async () => ({ datasetId: `dataset_${nothing}`, id: `record_${nothing}` }),
  skillset: async () => `skillset_${nothing}`,
  ability: async () => ({ skillsetId: `skillset_${nothing}`, id: `ability_${nothing}` }),
  secret: async () => `secret_${nothing}`,
  webhook: async () => `webhook_${nothing}`,
  delivery: async () => `${unusedChannel()}~AAAAAAAA~webhook_${nothing}`,
}

const newConversation = () => crypto.randomUUID().replaceAll('-', '').slice(0, 24)

interface DispatchState {
  readonly status: string
  readonly pendingCalls: readonly { readonly id: string }[]
}

/** Things of the account that the key opens, with the mark in them. */
export function thingsOf(url: string, key: string, mark = ownersMark): Things {
  const authorization = `Bearer ${key}`
  const create = async (query: string, variables: object): Promise<string> => {
    const { made } = await dataOf<{ made: { id: string } }>(url, { query, variables, authorization })
    return made.id
  }
  const named = (noun: string, input: object = {}) =>
    create(`mutation ($input: ${noun}Input!) { made: create${noun}(input: $input) { id } }`, {
      input: { name: mark, ...input },
    })
  const dispatch = async (input: object): Promise<string> => {
    const query =
      'mutation ($input: DispatchConversationInput!) { made: dispatchConversation(input: $input) { id: channelId } }'
    return create(query, { input })
  }
  // That a run has parked stands in its record, which no log tells: it is asked for again and again.
  const until = (channelId: string, status: string): Promise<DispatchState> =>
    vi.waitFor(
      async () => {
        const query = 'query ($channelId: ID!) { dispatch(channelId: $channelId) { status pendingCalls { id } } }'
        const { dispatch: state } = await dataOf<{ dispatch: DispatchState }>(url, {
          query,
          variables: { channelId },
          authorization,
        })
        expect(state.status).toBe(status)
        return state
      },
      { timeout: 20_000, interval: 10 },
    )
  const webhooks = async () => {
    const query = '{ webhooks(first: 1) { edges { node { id deliveries { edges { node { id channelId } } } } } } }'
    type Page<Node> = { readonly edges: readonly { readonly node: Node }[] }
    type Delivery = { readonly id: string; readonly channelId: string }
    const data = await dataOf<{ webhooks: Page<{ id: string; deliveries: Page<Delivery> }> }>(url, {
      query,
      authorization,
    })
    return data.webhooks.edges.map(({ node }) => node)
  }
  const webhook = async () => {
    const [known] = await webhooks()
    if (known !== undefined) return known.id
    const query = 'mutation ($input: WebhookInput!) { made: createWebhook(input: $input) { webhook { id } } }'
    const input = { url: `https://webhooks.invalid/${mark}`, description: mark }
    const { made } = await dataOf<{ made: { webhook: { id: string } } }>(url, {
      query,
      variables: { input },
      authorization,
    })
    return made.webhook.id
  }
  return {
    webhook,
    async delivery() {
      await webhook()
      const channelId = await dispatch({ messages: [{ type: 'USER', text: mark }] })
      await until(channelId, 'COMPLETED')
      const deliveries = (await webhooks()).flatMap((each) => each.deliveries.edges.map(({ node }) => node))
      return deliveries.find((each) => each.channelId === channelId)?.id ?? ''
    },
    async conversation() {
      const conversationId = newConversation()
      await until(await dispatch({ messages: [{ type: 'USER', text: mark }], conversationId }), 'COMPLETED')
      return conversationId
    },
    async waiting() {
      const channelId = await dispatch({
        conversationId: newConversation(),
        messages: [
          { type: 'BACKSTORY', text: mark },
          { type: 'USER', text: `Please call ask_human: ${mark}` },
        ],
        functions: [{ name: 'ask_human', description: mark, parameters: { type: 'object' }, result: { await: true } }],
      })
      const { pendingCalls } = await until(channelId, 'WAITING')
      return { channelId, callId: pendingCalls[0]?.id ?? '' }
    },
    async ended() {
      const channelId = await dispatch({ messages: [{ type: 'USER', text: mark }] })
      await until(channelId, 'COMPLETED')
      return channelId
    },
    bot: () => named('Bot', { backstory: mark }),
    contact: () => named('Contact'),
    dataset: () => named('Dataset', { records: [{ text: mark }] }),
    async record() {
      const datasetId = await named('Dataset', { records: [] })
      const query =
        'mutation ($id: ID!, $input: RecordInput!) { made: createRecord(datasetId: $id, input: $input) { id } }'
      return { datasetId, id: await create(query, { id: datasetId, input: { text: mark } }) }
    },
    skillset: () => named('Skillset', { abilities: [] }),
    async ability() {
      const query = 'mutation ($input: SkillsetInput!) { made: createSkillset(input: $input) { id abilities { id } } }'
      const ability = { name: mark, description: mark, instruction: 'time[now]' }
      const { made } = await dataOf<{ made: { id: string; abilities: readonly { id: string }[] } }>(url, {
        query,
        variables: { input: { abilities: [ability] } },
        authorization,
      })
      return { skillsetId: made.id, id: made.abilities[0]?.id ?? '' }
    },
    secret: () => named('Secret', { name: `${mark}-${crypto.randomUUID()}`, value: mark }),
  }
}
