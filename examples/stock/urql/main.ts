import { DispatchTextDocument } from '../../generated/operations.ts'
import { createAnswerPrinter } from '../answer-printer.ts'
import { createRetryingClient } from '../graphql-ws/create-client.ts'
import { createUrqlClient } from './create-client.ts'
import { subscribe } from './subscribe.ts'

const [url = 'http://127.0.0.1:4000', text = 'Hello'] = process.argv.slice(2)
const socket = createRetryingClient(`${url.replace('http', 'ws')}/graphql`)
const client = createUrqlClient(url, socket)
const printer = createAnswerPrinter((part) => process.stdout.write(part))
const { data, error } = await client.mutation(DispatchTextDocument, { text }).toPromise()
if (!data) throw error
await subscribe(client, { channelId: data.dispatchConversation.channelId, onEvent: printer.onEvent })
printer.finish()
await socket.dispose()
