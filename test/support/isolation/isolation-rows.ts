import type { Things } from './isolation-things.ts'

/** One use of a root field, and who may make it besides the owner. */
export interface SchemaRow {
  /** `Query.bot`; what follows in brackets tells several rows of a field apart. */
  readonly name: string
  readonly query: string
  readonly variables: (things: Things) => Promise<Readonly<Record<string, unknown>>>
  /** A subscription that does not complete by itself: its first result is compared. */
  readonly isEndless?: true
  /** What a token of the channel must allow: READ, which all do, or a permission. Absent: tokens do not open it. */
  readonly token?: 'READ' | 'ANSWER' | 'CANCEL' | 'PUBLISH'
  /** What a token of the conversation must allow, where that is not what `token` says. Absent: it opens what `token` does. */
  readonly conversation?: 'READ' | 'DISPATCH'
}

const none = async () => ({})
const byId = (of: (things: Things) => Promise<string>) => async (things: Things) => ({ id: await of(things) })
const onWaiting = async (things: Things) => ({ channelId: (await things.waiting()).channelId })

type Noun = 'Bot' | 'Contact' | 'Dataset' | 'Skillset' | 'Secret'

/** The rows that all kinds of resources have. */
function resource(noun: Noun, of: (things: Things) => Promise<string>, input: string): readonly SchemaRow[] {
  const kind = noun.toLowerCase()
  const update = noun === 'Bot' || noun === 'Contact' ? '' : 'Update'
  return [
    ...(noun === 'Secret'
      ? []
      : [{ name: `Query.${kind}`, query: `query ($id: ID!) { ${kind}(id: $id) { name } }`, variables: byId(of) }]),
    { name: `Query.${kind}s`, query: `{ ${kind}s(first: 100) { edges { node { id name } } } }`, variables: none },
    {
      name: `Mutation.create${noun}`,
      query: `mutation { create${noun}(input: ${input}) { name } }`,
      variables: none,
    },
    {
      name: `Mutation.update${noun}`,
      query: `mutation ($id: ID!, $input: ${update}${noun}Input!) { update${noun}(id: $id, input: $input) { name } }`,
      variables: async (things) => ({ id: await of(things), input: { name: `changed-${crypto.randomUUID()}` } }),
    },
    {
      name: `Mutation.delete${noun}`,
      query: `mutation ($id: ID!) { delete${noun}(id: $id) { id } }`,
      variables: byId(of),
    },
  ]
}

/** A dispatch that names something. */
function naming(field: string, of: (things: Things) => Promise<string>): SchemaRow {
  return {
    name: `Mutation.dispatchConversation (${field})`,
    query:
      'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { dispatch { model } } }',
    variables: async (things) => ({ input: { [field]: await of(things), messages: [{ type: 'USER', text: 'Hi' }] } }),
  }
}

export const schemaRows: readonly SchemaRow[] = [
  ...resource('Bot', ({ bot }) => bot(), '{ name: "New" }'),
  ...resource('Contact', ({ contact }) => contact(), '{ name: "New" }'),
  ...resource('Dataset', ({ dataset }) => dataset(), '{ name: "New", records: [] }'),
  ...resource('Skillset', ({ skillset }) => skillset(), '{ name: "New", abilities: [] }'),
  // No two secrets of an account have one name, so creating one has a row of its own.
  ...resource('Secret', ({ secret }) => secret(), '{ name: "NAME", value: "New" }').filter(
    ({ name }) => name !== 'Mutation.createSecret',
  ),
  {
    name: 'Mutation.createSecret',
    query: 'mutation ($input: SecretInput!) { createSecret(input: $input) { type } }',
    variables: async () => ({ input: { name: `new-${crypto.randomUUID()}`, value: 'New' } }),
  },
  {
    name: 'Mutation.createBot (datasetId)',
    query: 'mutation ($input: BotInput!) { createBot(input: $input) { name } }',
    variables: async ({ dataset }) => ({ input: { datasetId: await dataset() } }),
  },
  {
    name: 'Mutation.createSkillset (secretId)',
    query: 'mutation ($input: SkillsetInput!) { createSkillset(input: $input) { name } }',
    variables: async ({ secret }) => ({
      input: { abilities: [{ name: 'a', description: 'b', instruction: 'time[now]', secretId: await secret() }] },
    }),
  },
  {
    name: 'Mutation.createRecord',
    query: 'mutation ($id: ID!) { createRecord(datasetId: $id, input: { text: "New" }) { text } }',
    variables: byId(({ dataset }) => dataset()),
  },
  {
    name: 'Mutation.updateRecord',
    query:
      'mutation ($datasetId: ID!, $id: ID!) { updateRecord(datasetId: $datasetId, id: $id, input: { text: "Changed" }) { text } }',
    variables: ({ record }) => record(),
  },
  {
    name: 'Mutation.deleteRecord',
    query: 'mutation ($datasetId: ID!, $id: ID!) { deleteRecord(datasetId: $datasetId, id: $id) { id } }',
    variables: ({ record }) => record(),
  },
  {
    name: 'Query.dataset (search)',
    query: 'query ($id: ID!) { dataset(id: $id) { search(query: "owner") { record { id text } text } } }',
    variables: byId(({ dataset }) => dataset()),
  },
  {
    name: 'Query.overview',
    query:
      '{ overview { queued running waiting paused oldestQueuedAt lastHour { tokens cost failures { code count } } today { tokens cost } } }',
    variables: none,
  },
  { name: 'Query.models', query: '{ models { id } }', variables: none },
  {
    name: 'Query.conversation',
    query:
      'query ($id: ID!) { conversation(id: $id) { messages { text } current { status } dispatches { edges { node { id } } } } }',
    variables: byId(({ conversation }) => conversation()),
    conversation: 'READ',
  },
  {
    name: 'Query.conversations',
    query: '{ conversations(first: 100) { edges { node { id messages { text } } } } }',
    variables: none,
  },
  {
    name: 'Subscription.conversationUpdates',
    query:
      'subscription ($conversationId: ID!) { conversationUpdates(conversationId: $conversationId) { id contact { name } } }',
    variables: async ({ conversation }) => ({ conversationId: await conversation() }),
    isEndless: true,
    conversation: 'READ',
  },
  {
    name: 'Query.dispatches (conversationId)',
    query: 'query ($id: ID!) { dispatches(conversationId: $id) { edges { node { id messages { text } } } } }',
    variables: byId(({ conversation }) => conversation()),
  },
  { name: 'Query.dispatches', query: '{ dispatches(first: 100) { edges { node { id } } } }', variables: none },
  {
    name: 'Query.dispatch',
    query: 'query ($channelId: ID!) { dispatch(channelId: $channelId) { status messages { text } bot { name } } }',
    variables: onWaiting,
    token: 'READ',
  },
  {
    name: 'Query.channelHistory',
    query: 'query ($channelId: ID!) { channelHistory(channelId: $channelId) { hasMore events { __typename cursor } } }',
    variables: onWaiting,
    token: 'READ',
  },
  {
    name: 'Subscription.channelEvents',
    query:
      'subscription ($channelId: ID!) { channelEvents(channelId: $channelId) { __typename ... on DispatchQueued { messages { text } } ... on DispatchCompleted { result { text } } } }',
    variables: onWaiting,
    token: 'READ',
  },
  {
    name: 'Subscription.dispatchUpdates',
    query: 'subscription ($channelId: ID!) { dispatchUpdates(channelId: $channelId) { status messages { text } } }',
    variables: onWaiting,
    token: 'READ',
  },
  { ...naming('conversationId', ({ conversation }) => conversation()), conversation: 'DISPATCH' },
  naming('continues', ({ ended }) => ended()),
  naming('botId', ({ bot }) => bot()),
  naming('contactId', ({ contact }) => contact()),
  naming('datasetId', ({ dataset }) => dataset()),
  naming('skillsetId', ({ skillset }) => skillset()),
  naming('webhookId', ({ webhook }) => webhook()),
  {
    name: 'Query.webhook',
    query: 'query ($id: ID!) { webhook(id: $id) { url description deliveries { edges { node { channelId } } } } }',
    variables: byId(({ webhook }) => webhook()),
  },
  {
    name: 'Query.webhooks',
    query:
      '{ webhooks(first: 3) { edges { node { url description deliveries(first: 3) { edges { node { channelId } } } } } } }',
    variables: none,
  },
  {
    name: 'Mutation.createWebhook',
    query: 'mutation { createWebhook(input: { url: "https://webhooks.invalid/" }) { webhook { url } } }',
    variables: none,
  },
  {
    name: 'Mutation.updateWebhook',
    query: 'mutation ($id: ID!) { updateWebhook(id: $id, input: { description: "Changed" }) { url } }',
    variables: byId(({ webhook }) => webhook()),
  },
  {
    name: 'Mutation.rotateWebhookSecret',
    query: 'mutation ($id: ID!) { rotateWebhookSecret(id: $id) { webhook { url } } }',
    variables: byId(({ webhook }) => webhook()),
  },
  {
    name: 'Mutation.resendWebhookDelivery',
    query: 'mutation ($id: ID!) { resendWebhookDelivery(id: $id) { channelId } }',
    variables: byId(({ delivery }) => delivery()),
  },
  {
    name: 'Mutation.deleteWebhook',
    query: 'mutation ($id: ID!) { deleteWebhook(id: $id) { id } }',
    variables: byId(({ webhook }) => webhook()),
  },
  {
    name: 'Mutation.cancelDispatch',
    query: 'mutation ($channelId: ID!) { cancelDispatch(channelId: $channelId) { dispatch { status } } }',
    variables: onWaiting,
    token: 'CANCEL',
  },
  {
    name: 'Mutation.addDispatchMessages',
    query:
      'mutation ($channelId: ID!) { addDispatchMessages(input: { channelId: $channelId, messages: [{ type: USER, text: "More" }] }) { __typename } }',
    variables: onWaiting,
  },
  {
    name: 'Mutation.raiseDispatchLimits',
    query:
      'mutation ($channelId: ID!) { raiseDispatchLimits(input: { channelId: $channelId, limits: { iterations: 500 } }) { dispatch { status } } }',
    variables: onWaiting,
  },
  {
    name: 'Mutation.deleteDispatch',
    query: 'mutation ($channelId: ID!) { deleteDispatch(channelId: $channelId) { id } }',
    variables: async ({ ended }) => ({ channelId: await ended() }),
  },
  {
    name: 'Mutation.deleteConversation',
    query: 'mutation ($id: ID!) { deleteConversation(id: $id) { id } }',
    variables: byId(({ conversation }) => conversation()),
  },
  {
    name: 'Mutation.submitFunctionResult',
    query:
      'mutation ($channelId: ID!, $callId: ID!) { submitFunctionResult(input: { channelId: $channelId, callId: $callId, data: 1 }) { dispatch { model } } }',
    variables: ({ waiting }) => waiting(),
    token: 'ANSWER',
  },
  {
    name: 'Mutation.publishChannelMessage',
    query:
      'mutation ($channelId: ID!) { publishChannelMessage(channelId: $channelId, message: { hello: true }) { channelId } }',
    variables: onWaiting,
    token: 'PUBLISH',
  },
  {
    name: 'Mutation.createChannelToken',
    query: 'mutation ($channelId: ID!) { createChannelToken(input: { channelId: $channelId }) { __typename } }',
    variables: onWaiting,
  },
  {
    name: 'Mutation.createConversationToken',
    query:
      'mutation ($conversationId: ID!, $id: ID!) { createConversationToken(input: { conversationId: $conversationId, allow: [DISPATCH], botId: $id }) { __typename } }',
    variables: async ({ conversation, bot }) => ({ conversationId: await conversation(), id: await bot() }),
  },
]
