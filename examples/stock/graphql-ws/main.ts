import { createAnswerPrinter } from '../answer-printer.ts'
import { createRetryingClient } from './create-client.ts'
import { dispatch } from './dispatch.ts'
import { subscribe } from './subscribe.ts'

const [url = 'http://127.0.0.1:4000', text = 'Hello'] = process.argv.slice(2)
const client = createRetryingClient(`${url.replace('http', 'ws')}/graphql`)
const printer = createAnswerPrinter((part) => process.stdout.write(part))
const channelId = await dispatch(client, text)
await subscribe(client, { channelId, onEvent: printer.onEvent })
printer.finish()
await client.dispose()
