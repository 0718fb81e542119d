import { deepEqual } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { all, connect, request, subscribed, unwrapped } from '../support/chatbotkit.ts'
import { createScriptedModel, scriptedProvider } from '../support/run/scripted-model.ts'
import { startService } from '../support/service/start-service.ts'

/** Node's own fetch gives a body up after 300 s of silence, and an answer whose headers have not come. */
const silenceMs = Number(process.argv[2] ?? 310) * 1000

/** A run that says nothing for longer than the vendor's client bears: every way to watch it must live through that. */
const silence = Promise.withResolvers<void>()
const model = createScriptedModel([{ lines: ['Before, ', silence.promise, 'after.'] }])
const service = await startService({ model: 'scripted', providers: [scriptedProvider(model)] })
const client = connect(service)
const { channelId } = await client.conversation.dispatch(null, request({}))
const watching = [
  subscribed(client, channelId).then((events) => [unwrapped(events).at(-1)?.data.text, pings(events)]),
  all(client.conversation.complete(null, request({})).stream()).then((events) => [
    events.at(-1)?.data.text,
    pings(events),
  ]),
  client.conversation.complete(null, request({})).then(({ text }) => [text]),
]
const seen = Promise.all(watching)
await Promise.race([seen, sleep(silenceMs)])
silence.resolve()
const [subscription, stream, awaited] = await seen
await service.close()

const beats = Math.floor(silenceMs / 15_000)
deepEqual([subscription, stream, awaited], [['Before, after.', beats], ['Before, after.', beats], ['Before, after.']])
process.stdout.write(`survived ${silenceMs / 1000} s of silence\n`)

function pings(events: readonly { readonly type: string }[]): number {
  return events.filter(({ type }) => type === 'ping').length
}
