import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Tally } from './attacks/attack.ts'
import { connectionAttacks } from './attacks/connections.ts'
import { dispatchAttacks } from './attacks/dispatches.ts'
import { fetchingAttacks, serveFiles } from './attacks/fetching.ts'
import { storingAttacks } from './attacks/storing.ts'
import { percentile, runsOf, type SeenRun } from './neighbour.ts'
import { type Place, startPlace } from './place.ts'
import { watchMemory } from './watch-processes.ts'

/**
 * `npm run test:neighbours -- --only schemas --seconds 20`: one account does something costly as fast as it may, while its
 * neighbour runs 20 dispatches with watchers on the same two processes. Ends with 1 when the neighbour noticed.
 */
const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, seconds: { type: 'string', default: '20' } },
})
const seconds = Number(values.seconds)
const runs = 20
/** What the neighbour has to bear at most. */
const most = { slowdown: 3, residentMb: 600 }
/** Below this a first token is as good as at once, and three times the shortest time is noise. */
const leastMs = 50

const said = (text: string) => void process.stdout.write(`${text}\n`)
const files = await serveFiles()
const attacks = [...connectionAttacks, ...dispatchAttacks, ...storingAttacks, ...fetchingAttacks(files.host)]
const chosen = attacks.filter(({ name }) => name.includes(values.only))
let wrongs = 0

for (const attack of chosen) {
  const place = await startPlace({ FETCH_ALLOW: files.host })
  try {
    const alone = p99(await runsOf(place.neighbour, runs, 100))
    const { seen, storedMb, memory, tally } = await under(place, attack.run)
    const beside = p99(seen)
    const slowdown = beside / Math.max(alone, leastMs)
    const wrong = [
      ...seen.filter(({ ending }) => ending !== 'DispatchCompleted').map(({ ending }) => `a run ended with: ${ending}`),
      ...seen.filter(({ attempts }) => attempts !== 1).map(({ attempts }) => `a run took ${attempts} attempts`),
      ...(slowdown > most.slowdown ? [`the first token took ${slowdown.toFixed(1)} times as long`] : []),
      ...(memory.api > most.residentMb ? [`the API held ${memory.api} MB`] : []),
      ...(memory.worker > most.residentMb ? [`the worker held ${memory.worker} MB`] : []),
    ]
    wrongs += wrong.length
    said(`${wrong.length === 0 ? 'ok    ' : 'WRONG '} ${attack.name}`)
    said(`        first token p99 ${alone.toFixed(0)} ms alone, ${beside.toFixed(0)} ms beside it; ${tally}`)
    said(`        MB: API ${memory.api}, worker ${memory.worker}, Redis ${storedMb}`)
    for (const line of new Set(wrong)) said(`        ${line}`)
  } finally {
    await place.close()
  }
}
files.close()
said(`${chosen.length} attacks, ${wrongs} wrong`)
process.exit(wrongs === 0 && chosen.length > 0 ? 0 : 1)

/** The attack and, beside it, the neighbour's runs. */
async function under(place: Place, run: (typeof attacks)[number]['run']) {
  const [api, worker] = [watchMemory(place.api), watchMemory(place.worker)]
  const stop = new AbortController()
  const tally = new Tally()
  const attacking = run(place, stop.signal, tally).catch((error: Error) => {
    if (!stop.signal.aborted) tally.add(`could not begin: ${error.message}`)
  })
  // The attack is under way when the first run is dispatched.
  await sleep(1000)
  const seen = await runsOf(place.neighbour, runs, (seconds * 1000) / runs)
  stop.abort()
  await attacking
  const storedMb = Math.round((await place.storedBytes()) / 1e6)
  return { seen, storedMb, tally, memory: { api: api().residentMb, worker: worker().residentMb } }
}

/** A run without a first token counts as for ever. */
function p99(seen: readonly SeenRun[]): number {
  return percentile(
    seen.map(({ firstTokenMs }) => firstTokenMs ?? Number.POSITIVE_INFINITY),
    0.99,
  )
}
