import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startService } from '../support/service/start-service.ts'

/** What React Native has otherwise, or not at all. */
const environment = `
const ActualURL = URL
globalThis.window = globalThis
for (const name of ['crypto', 'structuredClone', 'BroadcastChannel']) delete globalThis[name]
globalThis.URL = class URL extends ActualURL {
  get href() { return super.href.replace(/\\/?$/, '/') }
}
delete AbortSignal.prototype.throwIfAborted
delete AbortSignal.prototype.reason
delete AbortSignal.timeout
delete AbortSignal.any
Object.defineProperty(Response.prototype, 'body', { get: () => undefined })
delete Promise.withResolvers
delete Promise.try
`
const program = `${environment}
const { createBackchannel } = await import('backchannel-client')
const client = createBackchannel({ url: process.argv[1], credentials: async () => 'none' })
const { channelId } = await client.dispatch('Hello')
let [text, whole] = ['', '']
const seen = []
client.state(channelId).subscribe(() => seen.push(client.state(channelId).getSnapshot().status))
for await (const event of client.watch(channelId)) {
  if (event.__typename === 'TextDelta') text += event.text
  if (event.__typename === 'DispatchCompleted') whole = event.result.text
}
const abort = new AbortController()
abort.abort()
const reasons = []
for (const ask of [() => client.watch(channelId, { signal: abort.signal }).next(), () => client.dispatch('Hello', { signal: abort.signal })])
  await ask().catch(({ message }) => reasons.push(message))
await new Promise((resolve) => setTimeout(resolve, 50))
console.log(JSON.stringify({ isWhole: text === whole && text !== '', last: seen.at(-1), reasons }))
client.close()
`

test('it runs with what React Native has', async () => {
  const { url } = await startService({ model: 'demo/delayMs=2/words=40' })
  const args = ['--input-type=module', '--eval', program, `${url}/graphql`]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  expect(JSON.parse(stdout)).toEqual({ isWhole: true, last: 'COMPLETED', reasons: ['Aborted.', 'Aborted.'] })
})
