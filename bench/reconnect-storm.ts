import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { cursorIn, openWatcher, type Watcher } from './load/watcher.ts'
import { remark, remarkCpu, report } from './report/figure.ts'
import { alternate, mapRounds, roundCount } from './report/rounds.ts'
import { percentile } from './report/statistics.ts'
import { startNaive } from './systems/start-naive.ts'
import { startOurs } from './systems/start-ours.ts'
import type { System } from './systems/system.ts'
import { writeLongRun } from './systems/write-long-run.ts'

// All clients reconnect at once after an API process was replaced: 2,000 clients, each with its own socket, on 20
// channels whose runs have ended meanwhile. Measures from the first connection attempt until a client has what it
// missed, the second half of 200 single-token entries; the naive system has no cursors, so there it is everything.
const clients = 2000
const channels = Array.from({ length: 20 }, () => randomUUID())
const words = 200
const systems = [await startOurs({ parts: 'api' }), await startNaive({ parts: 'api' })]
const cursors = new Map<string, string | undefined>()

for (const system of systems) {
  for (const channelId of channels) await writeLongRun(system, words, channelId)
  if (system.name !== 'ours') continue
  // Joined deltas arrive in a few large frames, so the page of history ends exactly where it is told to.
  for (const channelId of channels) {
    const query = `{ channelHistory(channelId: "${channelId}", first: ${words / 2}) { endCursor } }`
    const response = await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data } = (await response.json()) as { data: { channelHistory: { endCursor: string } } }
    cursors.set(channelId, data.channelHistory.endCursor)
  }
}

const p99: Record<System['name'], number[]> = { ours: [], naive: [], floor: [] }
const all: Record<System['name'], number[]> = { ours: [], naive: [], floor: [] }
const refused: Record<System['name'], number> = { ours: 0, naive: 0, floor: 0 }

/** Retries like a client: a connection refused because the queue of the server is full is tried again. */
async function comeBack(system: System): Promise<Watcher> {
  for (;;) {
    try {
      return await openWatcher(system)
    } catch {
      refused[system.name] += 1
      await sleep(100 * Math.random())
    }
  }
}

const rounds = await alternate(systems, roundCount(2), async (system) => {
  const startedAt = performance.now()
  const open: Watcher[] = []
  const whole = await Promise.all(
    Array.from({ length: clients }, async (_, n) => {
      const channelId = channels[n % channels.length] ?? ''
      const watcher = await comeBack(system)
      open.push(watcher)
      await watcher.watch(channelId, undefined, cursors.get(channelId))
      return performance.now() - startedAt
    }),
  )
  for (const watcher of open) watcher.close()
  p99[system.name].push(percentile(whole, 0.99))
  all[system.name].push(Math.max(...whole))
  return percentile(whole, 0.5)
})
const name = `${clients} clients come back at once, until a client is whole`
const less = { unit: 'ms', better: 'less' } as const
report({ ...less, name: `${name}, p50`, values: mapRounds(rounds, ({ value }) => value) })
report({ ...less, name: `${name}, p99`, values: { ours: p99.ours.slice(1), naive: p99.naive.slice(1), floor: [] } })
report({
  ...less,
  name: `${name}, the last one`,
  values: { ours: all.ours.slice(1), naive: all.naive.slice(1), floor: [] },
})
remarkCpu(rounds, clients, 'client that comes back')

// Checks once that the cursors are used and nothing is missing.
for (const system of systems) {
  const [channelId = ''] = channels
  const watcher = await openWatcher(system)
  let frames = 0
  let last: string | null = null
  await watcher.watch(
    channelId,
    (frame) => {
      frames += 1
      last = cursorIn(frame) ?? last
    },
    cursors.get(channelId),
  )
  remark(`${system.name}: a client that comes back gets ${frames} frames; ${refused[system.name]} were turned away`)
  // The tokens plus queued, started, iteration started, message, iteration finished and completed.
  const end = `${words + 6}`
  if (system.name === 'ours' && String(last).split('.')[1] !== end) {
    throw new Error(`The last cursor is ${last}, not at ${end}.`)
  }
  watcher.close()
  await system.close()
}
