import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

const client = createClient({ url: process.argv[2] ?? 'ws://127.0.0.1:4000/graphql', webSocketImpl: WebSocket })
const ask = async (query) => (await client.iterate({ query }).next()).value.data
const { dispatchConversation } = await ask(
  'mutation { dispatchConversation(input: { messages: [{ type: USER, text: "Hello!" }] }) { channelId } }',
)
const query = `subscription { channelEvents(channelId: "${dispatchConversation.channelId}") { ... on TextDelta { text } } }`
for await (const { data } of client.iterate({ query })) process.stdout.write(data.channelEvents.text ?? '')
await client.dispose()
