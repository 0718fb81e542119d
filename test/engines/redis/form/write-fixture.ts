import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { startRedis } from '../../../support/redis/redis-server.ts'
import { startProcess } from '../../../support/service/start-process.ts'
import { dispatch, graphql, watchWebsocket } from '../../../support/watching/watchers.ts'
import { dumpData } from './stored-data.ts'
import { fixtureEnv, seenOf } from './what-is-stored.ts'

// `npx node test/engines/redis/form/write-fixture.ts FORM`: what this release stores, with runs in each state, into
// `form-FORM.json`. It is run once, by the last release that writes a form; the tests of later ones read it.
const [form = ''] = process.argv.slice(2)
const redis = await startRedis({ appendOnly: true })
const env = { ...fixtureEnv, REDIS_URL: redis.url }
const api = await startProcess('api', env)
const worker = await startProcess('worker', env)
const service = { url: api.url, wsUrl: api.wsUrl, close: async () => {} }

const ask = async <Data>(query: string): Promise<Data> => {
  const { data, errors } = await graphql<Data>(service, query)
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data
}
const untilStatus = async (channelId: string, wanted: string) => {
  for (;;) {
    const { dispatch: found } = await ask<{ dispatch: { status: string } }>(
      `{ dispatch(channelId: "${channelId}") { status } }`,
    )
    if (found.status === wanted) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

await ask('mutation { createDataset(input: { name: "Facts", records: [{ text: "Zebras have stripes." }] }) { id } }')
await ask('mutation { createSecret(input: { name: "weather", type: BEARER, value: "hunter2" }) { id } }')
const { createBot } = await ask<{ createBot: { id: string } }>(
  'mutation { createBot(input: { name: "Guide", backstory: "You guide." }) { id } }',
)

const ended = await dispatch(service, { model: 'demo/delayMs=0/words=30', botId: createBot.id })
const seen = await seenOf(service, ended)
const continued = await dispatch(service, { model: 'demo/delayMs=0/words=5', continues: ended })
await seenOf(service, continued)
const waiting = await dispatch(service, {
  messages: [{ type: 'USER', text: 'Please call ask.' }],
  functions: [{ name: 'ask', description: 'Asks.', parameters: { type: 'object' }, result: { await: true } }],
})
await untilStatus(waiting, 'WAITING')
const later = await dispatch(service, { notBefore: new Date(Date.now() + 86_400_000).toISOString() })
const running = await dispatch(service, { model: 'demo/delayMs=20/words=200' })
const partial: { cursor: string; text: string }[] = []
for await (const event of watchWebsocket(service, { channelId: running })) {
  if (event.text !== undefined) partial.push({ cursor: event.cursor, text: event.text })
  if (partial.length === 20) break
}
// At this moment everything stops, as when a machine does.
await redis.kill('SIGKILL')
await worker.kill('SIGKILL')
await api.kill('SIGKILL')
await redis.restart()
const connection = new Redis(redis.url)
const data = await dumpData(connection)
connection.disconnect()
await redis.stop()

const stored = { ended, seen, continued, waiting, later, running, partial, data }
const file = fileURLToPath(new URL(`./form-${form}.json`, import.meta.url))
writeFileSync(file, `${JSON.stringify(stored, null, 1)}\n`)
process.exit()
