import { createAnswerPrinter } from '../answer-printer.ts'
import { watchExactly } from '../watch-exactly.ts'
import { createSingleTryClient } from './create-client.ts'
import { dispatch } from './dispatch.ts'
import { subscribe } from './subscribe.ts'

const [url = 'http://127.0.0.1:4000', text = 'Hello'] = process.argv.slice(2)
const client = createSingleTryClient(`${url}/graphql`)
const printer = createAnswerPrinter((part) => process.stdout.write(part))
const channelId = await dispatch(client, text)
await watchExactly({ channelId, onEvent: printer.onEvent }, (once) => subscribe(client, once))
printer.finish()
client.dispose()
