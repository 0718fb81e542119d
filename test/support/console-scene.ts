import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dataOf } from './isolation/callers.ts'
import { opened } from './lifetime/opened.ts'

/** What an account has that has worked for a while. */
export interface Scene {
  readonly completed: string
  readonly waiting: string
  readonly conversation: string
  readonly bot: string
  readonly contact: string
  readonly dataset: string
  readonly skillset: string
  readonly webhook: string
}

const human = {
  name: 'ask_human',
  description: 'Asks a person.',
  parameters: {
    type: 'object',
    properties: {
      approve: { type: 'boolean', title: 'Approve' },
      note: { type: 'string', title: 'Note' },
    },
    required: ['approve'],
  },
  result: { await: true },
}
const lookup = {
  name: 'look_up_order',
  description: 'Looks up an order.',
  parameters: { type: 'object', properties: { order: { type: 'string' } } },
  result: { data: { order: '1042', state: 'shipped', carrier: 'DHL' } },
}

/** Makes the scene at a service without keys. */
export async function setScene(url: string): Promise<Scene> {
  const ask = <Data>(query: string, variables: object = {}) => dataOf<Data>(url, { query, variables: { ...variables } })
  const made = async (noun: string, input: object) => {
    const kind = `${noun}Input!`
    const data = await ask<{ made: { id: string } }>(
      `mutation ($input: ${kind}) { made: create${noun}(input: $input) { id } }`,
      { input },
    )
    return data.made.id
  }
  const dispatch = async (text: string, input: object = {}) => {
    const { made } = await ask<{ made: { channelId: string } }>(
      'mutation ($input: DispatchConversationInput!) { made: dispatchConversation(input: $input) { channelId } }',
      { input: { messages: [{ type: 'USER', text }], ...input } },
    )
    return made.channelId
  }
  const until = async (channelId: string, status: string) => {
    const query = 'query ($channelId: ID!) { dispatch(channelId: $channelId) { status } }'
    for (let tries = 0; tries < 200; tries += 1) {
      const { dispatch: now } = await ask<{ dispatch: { status: string } }>(query, { channelId })
      if (now.status === status) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`${channelId} is not ${status}.`)
  }

  const receiver = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end()))
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  opened(receiver, () => receiver.close())
  const { port } = receiver.address() as AddressInfo
  const told = await ask<{ createWebhook: { webhook: { id: string } } }>(
    'mutation ($input: WebhookInput!) { createWebhook(input: $input) { webhook { id } } }',
    { input: { url: `http://127.0.0.1:${port}/hooks/backchannel`, description: 'The back office' } },
  )
  const dataset = await made('Dataset', {
    name: 'Help centre',
    description: 'Answers to what customers ask.',
    records: [
      { text: 'Returns are free within 30 days. Print the label in your account.', meta: { page: 'returns' } },
      { text: 'Parcels to Germany take two days, to Norway four.', meta: { page: 'shipping' } },
      { text: 'A refund is on your card within five days after the parcel has come back.' },
    ],
  })
  const secret = await made('Secret', { name: 'CRM', type: 'BEARER', value: 'not-a-real-token' })
  const skillset = await made('Skillset', {
    name: 'Orders',
    description: 'What the order system can do.',
    abilities: [
      {
        name: 'Find an order',
        description: 'When somebody asks where an order is.',
        instruction: '```fetch\nGET https://shop.example.com/orders/$[order]\nAuthorization: ${SECRET_DEFAULT}\n```',
        secretId: secret,
      },
    ],
  })
  const bot = await made('Bot', {
    name: 'Support',
    description: 'Answers customers by chat.',
    backstory: 'You are the support of a small shop. You are brief and friendly.',
    datasetId: dataset,
    skillsetId: skillset,
  })
  await made('Bot', { name: 'Night shift', model: 'demo/words=40' })
  const contact = await made('Contact', { name: 'Ada Lovelace', email: 'ada@example.com', fingerprint: 'crm-1815' })
  await made('Contact', { name: 'Grace Hopper', email: 'grace@example.com', fingerprint: 'crm-1906' })

  const conversation = 'conversation-of-the-scene'
  const first = await dispatch('Where is my order 1042?', {
    conversationId: conversation,
    botId: bot,
    contactId: contact,
  })
  await until(first, 'COMPLETED')
  await until(await dispatch('And when can I send it back?', { conversationId: conversation, botId: bot }), 'COMPLETED')
  const completed = await dispatch('Please look_up_order 1042 and say what you find.', {
    functions: [lookup],
    model: 'demo/delayMs=5/words=60/reasoning=true',
  })
  await until(completed, 'COMPLETED')
  const waiting = await dispatch('Please ask_human whether to refund order 1042.', {
    functions: [human],
    meta: { answerSchemas: { ask_human: human.parameters } },
  })
  const paused = await dispatch('Please look_up_order 1042.', {
    functions: [lookup],
    limits: { iterations: 1, whenReached: 'PAUSE' },
  })
  for (const each of [waiting, paused]) await until(each, 'WAITING')
  const late = await dispatch('A very long story.', { model: 'demo/delayMs=1000/words=1000', timeoutSeconds: 1 })
  await until(late, 'FAILED')
  const stopped = await dispatch('A long story.', { model: 'demo/delayMs=1000/words=1000', botId: bot })
  await ask('mutation ($id: ID!) { cancelDispatch(channelId: $id) { dispatch { id } } }', { id: stopped })
  await until(stopped, 'CANCELLED')
  await dispatch('Tomorrow.', { notBefore: new Date(Date.now() + 86_400_000).toISOString() })
  await until(await dispatch('A slow story.', { model: 'demo/delayMs=500/words=2000' }), 'RUNNING')
  return { completed, waiting, conversation, bot, contact, dataset, skillset, webhook: told.createWebhook.webhook.id }
}

/** Every page of the console, by a name, and the text that it shows when it is there. */
export function pagesOf(scene: Scene): readonly (readonly [name: string, path: string, shows: RegExp])[] {
  return [
    ['try', `/try/${scene.conversation}`, /send it back/],
    ['runs', '/runs', /Completed[\s\S]*Failed|Failed[\s\S]*Completed/],
    ['run', `/runs/${scene.completed}`, /Completed/],
    ['answer', `/runs/${scene.waiting}`, /Approve/],
    ['overview', '/overview', /TIMEOUT/],
    ['bots', '/resources', /Night shift/],
    ['bot', `/resources/bots/${scene.bot}`, /Backstory/],
    ['contact', `/resources/contacts/${scene.contact}`, /Fingerprint/],
    ['dataset', `/resources/datasets/${scene.dataset}`, /Parcels to Germany/],
    ['skillset', `/resources/skillsets/${scene.skillset}`, /Ability 1/],
    ['secrets', '/resources/secrets', /CRM/],
    ['webhook', `/resources/webhooks/${scene.webhook}`, /Send again/],
  ]
}
