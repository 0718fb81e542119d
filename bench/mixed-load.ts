import { setTimeout as sleep } from 'node:timers/promises'
import { channelIdIn, openHttp } from './load/http-connection.ts'
import { cursorIn, openWatcher } from './load/watcher.ts'
import { remark, report } from './report/figure.ts'
import { reportingMemory } from './systems/start-node.ts'
import { startOurs } from './systems/start-ours.ts'

// Honest mixed load for 30 minutes (the second argument gives other minutes): dispatches with ten functions, with a dataset
// that is searched, with abilities, and watchers that leave in the middle and come back with their cursor. Reports how much
// the heaps grow after collection, and how late timers come, from the end of the first sixth, which is the warm-up. Not part
// of `npm run bench`.
const minutes = Number(process.argv[3] ?? 30)
const clientCount = 8
const pauseMs = 250
const mutation = 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'

type Input = (n: number) => object
const asking = (text: string) => [{ type: 'USER', text }]

/** Ten functions of a product; every dispatch has an enum of its own, as generated schemas do. */
const withFunctions: Input = (n) => ({
  model: 'demo/delayMs=5/words=60',
  messages: asking('Please call look_3 and look_7.'),
  functions: Array.from({ length: 10 }, (_, i) => ({
    name: `look_${i}`,
    description: `Looks in place ${i}.`,
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string', maxLength: 40 },
        customer: { type: 'string', enum: [`customer-${n}`] },
        unit: { type: 'string', enum: ['C', 'F'] },
      },
      required: ['city', 'customer'],
    },
    result: { data: { degrees: i } },
  })),
})

const withDataset: Input = (n) => ({
  model: 'demo/delayMs=5/words=60',
  messages: asking('When does shop 17 open?'),
  extensions: {
    datasets: [
      {
        name: 'Shops',
        records: Array.from({ length: 300 }, (_, i) => ({
          text: `Shop ${i} of customer ${n} opens at ${i % 12} in the morning.`,
        })),
      },
    ],
  },
})

const withAbilities: Input = (n) => ({
  model: 'demo/delayMs=5/words=60',
  messages: asking('Please call shout.'),
  extensions: {
    backstory: `It is \${EARTH_DATE}, and this is dispatch ${n}.`,
    features: [{ name: 'time' }, { name: 'notes', options: { notes: ['Be brief.'] } }],
    skillsets: [
      {
        abilities: [
          { name: 'shout', description: 'Says it loudly.', instruction: '```echo\n$[words!|what to say]!\n```' },
          { name: 'clock', description: 'Tells the time.', instruction: '```time\n```' },
        ],
      },
    ],
  },
})

const inputs = [withFunctions, withDataset, withAbilities]
const system = await startOurs({ nodeArgs: reportingMemory, env: { METRICS_PORT: '0' } })
let [dispatched, returns, isOver] = [0, 0, false]

async function client(): Promise<void> {
  const http = await openHttp(system.url)
  while (!isOver) {
    const n = dispatched++
    const input = inputs[n % inputs.length]?.(n) ?? {}
    const channelId = channelIdIn(await http.post(JSON.stringify({ query: mutation, variables: { input } })))
    let cursor: string | undefined
    // Every second watcher is cut in the middle and comes back.
    if (n % 2 === 0) {
      const first = await openWatcher(system)
      const seen = Promise.withResolvers<void>()
      let frames = 0
      const watching = first.watch(channelId, (frame) => {
        cursor = cursorIn(frame) ?? cursor
        frames += 1
        if (frames === 20) seen.resolve()
      })
      await Promise.race([seen.promise, watching.catch(() => {})])
      first.close()
      await watching.catch(() => {})
      returns += 1
    }
    const watcher = await openWatcher(system)
    await watcher.watch(channelId, () => {}, cursor)
    watcher.close()
    await sleep(pauseMs)
  }
  http.close()
}

async function measured() {
  await sleep(100)
  const parts = { api: system.api, worker: system.worker ?? system.api }
  const [api, worker] = [await parts.api.memory(), await parts.worker.memory()]
  return {
    api: { heap: api.heapUsed + api.external, loopDelayMs: api.loopDelayMs },
    worker: { heap: worker.heapUsed + worker.external, loopDelayMs: worker.loopDelayMs },
  }
}

const clients = Array.from({ length: clientCount }, client)
const failed = Promise.all(clients)
failed.catch(() => {})
const warmUp = Math.max(1, Math.round(minutes / 6))
await Promise.race([sleep(warmUp * 60_000), failed])
const first = await measured()
let last = first
for (let minute = warmUp + 1; minute <= minutes; minute++) {
  await Promise.race([sleep(60_000), failed])
  last = await measured()
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1)
  remark(
    `minute ${minute}: ${dispatched} dispatches, ${returns} watchers came back; heap MB API ${mb(last.api.heap)}, worker ${mb(last.worker.heap)}; loop delay p99.9 ms API ${last.api.loopDelayMs.toFixed(0)}, worker ${last.worker.loopDelayMs.toFixed(0)}`,
  )
}
isOver = true
await failed
for (const part of ['api', 'worker'] as const) {
  report({
    name: `${part === 'api' ? 'API' : part}, heap growth in ${minutes - warmUp} minutes of mixed load`,
    unit: 'MB',
    better: 'less',
    target: 5,
    values: { ours: [(last[part].heap - first[part].heap) / 1e6], naive: [], floor: [] },
  })
  report({
    name: `${part === 'api' ? 'API' : part}, event loop delay p99.9 in mixed load`,
    unit: 'ms',
    better: 'less',
    target: 100,
    values: { ours: [last[part].loopDelayMs], naive: [], floor: [] },
  })
}
await system.close()
