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
  return {
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
