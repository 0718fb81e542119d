import { type Call, dataOf, mintToken } from '../support/isolation/callers.ts'
import { thingsOf } from '../support/isolation/isolation-things.ts'

export interface AccountThings {
  /** Of everything, for the fuzz to draw from. */
  readonly ids: readonly string[]
  /** Those of them that are channels. */
  readonly channels: readonly string[]
  /** Opens a channel whose hidden parts alone have the mark, with all permissions. */
  readonly token: string
  /** All that the owner can see of it, as one text. */
  see(): Promise<string>
}

const seen = `{
  bots(first: 10) { edges { node { id name backstory updatedAt } } }
  contacts(first: 10) { edges { node { id name updatedAt } } }
  datasets(first: 10) { edges { node { id name updatedAt records(first: 5) { edges { node { id text } } } } } }
  skillsets(first: 10) { edges { node { id name updatedAt abilities { id name } } } }
  secrets(first: 10) { edges { node { id name updatedAt } } }
}`
const watched = `query ($channelId: ID!) {
  dispatch(channelId: $channelId) { status messages { text } }
  channelHistory(channelId: $channelId) { events { cursor ... on ChannelMessagePublished { payload } } }
}`
const dispatched = 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'

/** One of everything that an account can have, with the mark in it. */
export async function fillAccount(url: string, key: string, mark: string): Promise<AccountThings> {
  const things = thingsOf(url, key, mark)
  const authorization = `Bearer ${key}`
  const ask = (call: Omit<Call, 'authorization'>) => dataOf<object>(url, { ...call, authorization })
  const dispatch = async (input: object) => {
    const data = await ask({ query: dispatched, variables: { input } })
    return (data as { dispatchConversation: { channelId: string } }).dispatchConversation.channelId
  }

  const waiting = await things.waiting()
  const ended = await things.ended()
  const published = await dispatch({
    notBefore: new Date(Date.now() + 86_400_000).toISOString(),
    messages: [{ type: 'USER', text: mark }],
  })
  const publish = `mutation ($message: JSONObject!) { publishChannelMessage(channelId: "${published}", message: $message) { channelId } }`
  await ask({ query: publish, variables: { message: { note: mark } } })
  const bot = await things.bot()
  const contact = await things.contact()
  // What its token shows has no mark.
  const opened = await dispatch({
    botId: bot,
    contactId: contact,
    notBefore: new Date(Date.now() + 86_400_000).toISOString(),
    messages: [
      { type: 'CONTEXT', text: mark },
      { type: 'USER', text: 'Hello' },
    ],
  })
  const [record, ability] = await Promise.all([things.record(), things.ability()])
  const channels = [waiting.channelId, ended, published, opened]
  return {
    ids: [
      ...channels,
      waiting.callId,
      bot,
      contact,
      await things.dataset(),
      record.datasetId,
      record.id,
      await things.skillset(),
      ability.skillsetId,
      ability.id,
      await things.secret(),
    ],
    channels,
    token: await mintToken(url, key, { channelId: opened, allow: ['ANSWER', 'PUBLISH'], expiresInSeconds: 86_400 }),
    async see() {
      const logs = channels.slice(0, 3).map((channelId) => ask({ query: watched, variables: { channelId } }))
      return JSON.stringify([await ask({ query: seen }), ...(await Promise.all(logs))])
    },
  }
}
