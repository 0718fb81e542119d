import { expect } from 'vitest'
import { type Call, dataOf } from '../isolation/callers.ts'

const abilities = [
  {
    name: 'send_mail',
    description: 'Sends what is given to it.',
    instruction: '```echo\nSent: $[text!]\n```',
    needsApproval: true,
  },
]

const dispatch = 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
const read = 'query ($id: ID!) { dispatch(channelId: $id) { status pendingCalls { id name answer deadline } } }'

/** A dispatch whose ability waits to be approved, as OpenAI's clients name it. */
export async function waitsForApproval(url: string, authorization?: string): Promise<string> {
  const ask = <Data>(call: Call) =>
    dataOf<Data>(url, { ...call, ...(authorization !== undefined && { authorization }) })
  const input = {
    messages: [{ type: 'USER', text: 'Please call send_mail with text: Hello' }],
    extensions: { skillsets: [{ abilities }] },
  }
  const made = await ask<{ dispatchConversation: { channelId: string } }>({ query: dispatch, variables: { input } })
  const id = made.dispatchConversation.channelId
  const state = async () => (await ask<{ dispatch: object }>({ query: read, variables: { id } })).dispatch
  await expect
    .poll(state)
    .toMatchObject({ status: 'WAITING', pendingCalls: [{ name: 'send_mail', answer: 'ABILITY' }] })
  return `resp_${id}`
}

/** A bot whose ability needs to be approved. */
export async function botThatAsks(url: string, authorization?: string): Promise<string> {
  const skillset = 'mutation ($input: SkillsetInput!) { made: createSkillset(input: $input) { id } }'
  const bot = 'mutation ($input: BotInput!) { made: createBot(input: $input) { id } }'
  const make = async (query: string, input: object) =>
    (await dataOf<{ made: { id: string } }>(url, { query, variables: { input }, authorization })).made.id
  return make(bot, { name: 'Asks', skillsetId: await make(skillset, { abilities }) })
}
