import { parseArgs } from 'node:util'
import { exitWhenSaid } from '../support/exit-when-said.ts'
import { startRedis } from '../support/redis/redis-server.ts'
import { openFileStore } from './file-store.ts'
import { openRedisStores } from './redis-store.ts'
import { type SimulationReport, simulate } from './simulate.ts'
import { type OpenStore, openEmbeddedStore } from './store.ts'
import { drawTheme } from './theme.ts'

/**
 * `node test/simulation/main.ts --seeds 5000 --file 500 --redis 200`: so many seeds on the embedded engine in memory, on a file whose
 * process dies, and on Redis. `--first 17 --seeds 1 --trace`
 * plays one again, step by step; `--theme conversation` plays only those that are about that. Ends with 1 when a seed is not well: at the first, or at the tenth with `--failures 10`.
 */
const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '2000' },
    file: { type: 'string', default: '0' },
    redis: { type: 'string', default: '0' },
    trace: { type: 'boolean', default: false },
    theme: { type: 'string' },
    failures: { type: 'string', default: '1' },
  },
})
const first = Number(values.first)
const totals: Record<string, number> = {}
const said = (text: string) => process.stdout.write(`${text}\n`)
let failures = 0

function isWell(engine: string, { seed, wrong, counts, trace }: SimulationReport): boolean {
  for (const [what, count] of Object.entries(counts)) totals[what] = (totals[what] ?? 0) + count
  if (values.trace) said(trace.join('\n'))
  if (wrong.length === 0) return true
  failures += 1
  said(`seed ${seed} on ${engine}:\n  ${wrong.join('\n  ')}`)
  return failures < Number(values.failures)
}

/** False: enough seeds have failed. */
async function playOn(engine: string, seeds: string, open: OpenStore): Promise<boolean> {
  for (let seed = first, left = Number(seeds); left > 0; seed++) {
    if (values.theme !== undefined && !drawTheme(seed, engine === 'Redis').name.includes(values.theme)) continue
    left -= 1
    if (!isWell(engine, await simulate(seed, open))) return false
  }
  return true
}

async function play(): Promise<void> {
  if (!(await playOn('the embedded engine', values.seeds, openEmbeddedStore))) return
  if (!(await playOn('a file', values.file, openFileStore))) return
  if (values.redis === '0') return
  const server = await startRedis()
  const stores = await openRedisStores(server.url)
  try {
    await playOn('Redis', values.redis, stores.open)
  } finally {
    await stores.close()
    await server.stop()
  }
}

const began = performance.now()
await play()
said(`${JSON.stringify(totals)} in ${Math.round(performance.now() - began)} ms, ${failures} seeds failed`)
exitWhenSaid(failures === 0 ? 0 : 1)
