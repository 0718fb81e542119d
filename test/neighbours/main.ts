import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { exitWhenSaid } from '../support/exit-when-said.ts'
import { allAttacks } from './attacks/all.ts'
import { allLateness, delayAt, type Lateness, latenessBetween, latenessOf } from './loop-delay.ts'
import { percentile, runsOf, type SeenRun } from './neighbour.ts'
import { type Place, startPlace } from './place.ts'
import { startAttacker } from './start-attacker.ts'
import { watchMemory } from './watch-processes.ts'

/**
 * `npm run test:neighbours -- --only 'schemas|sockets' --seconds 20`: one account does something costly as fast as it may, while its
 * neighbour runs 20 dispatches with watchers on the same two processes. Ends with 1 when the neighbour noticed. Only a slow first
 * token must be seen twice: the longest of 20 times is one time, which another program on the machine may have made long.
 *
 * The attacker is a process of its own at the lowest priority, as a remote caller would take none of the services' processors.
 * The undisturbed time is taken while it computes instead, so both are taken beside a busy process of the same kind: half of it
 * before the attack, half of it after, so that a machine that becomes slower meanwhile is slower for both. Of the event loops'
 * delay counts what the services themselves cause.
 */
const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, seconds: { type: 'string', default: '20' } },
})
const seconds = Number(values.seconds)
const runs = 20
/** What the neighbour has to bear at most, and how late the event loops of the services may be. */
const most = { slowdown: 3, residentMb: 600, delayMs: 100 }
/** Below this a first token is as good as at once, and three times the shortest time is noise. */
const leastMs = 50

const said = (text: string) => void process.stdout.write(`${text}\n`)
const names = allAttacks('').map(({ name }) => name)
const chosen = names.filter((name) => new RegExp(values.only).test(name))
const delays: { readonly api: Lateness[]; readonly worker: Lateness[] } = { api: [], worker: [] }
let wrongs = 0

for (const name of chosen) {
  if ((await isSlow(name)) && (await isSlow(name))) wrongs += 1
}

/** Whether the first token was slow. Counts whatever else was wrong. */
async function isSlow(name: string): Promise<boolean> {
  const { alone, beside } = await tried(name)
  const [aloneMs, besideMs] = [firstToken(alone, 0.99), firstToken(beside.seen, 0.99)]
  const slowdown = besideMs / Math.max(aloneMs, leastMs)
  const { memory, late } = beside
  delays.api.push(late.api)
  delays.worker.push(late.worker)
  const wrong = [
    ...beside.seen.flatMap(({ ending }) => (ending === 'DispatchCompleted' ? [] : [`a run ended with: ${ending}`])),
    ...beside.seen.flatMap(({ attempts }) => (attempts === 1 ? [] : [`a run took ${attempts} attempts`])),
    ...(memory.api > most.residentMb ? [`the API held ${memory.api} MB`] : []),
    ...(memory.worker > most.residentMb ? [`the worker held ${memory.worker} MB`] : []),
  ]
  const slow = slowdown > most.slowdown ? [`the first token took ${slowdown.toFixed(1)} times as long`] : []
  wrongs += wrong.length
  said(`${wrong.length + slow.length === 0 ? 'ok    ' : 'WRONG '} ${name}`)
  said(`        first token p99 (p50) ${times(alone)} alone, ${times(beside.seen)} beside it; ${beside.tally}`)
  said(`        MB: API ${memory.api}, worker ${memory.worker}, Redis ${beside.storedMb}; ${lateness(late)}`)
  for (const line of new Set([...wrong, ...slow])) said(`        ${line}`)
  return slow.length > 0
}
const all = { api: allLateness(delays.api), worker: allLateness(delays.worker) }
said(`Over all of it: ${lateness(all)}`)
for (const [part, late] of Object.entries(all)) {
  if (delayAt(late.busy, 0.999) <= most.delayMs) continue
  wrongs += 1
  said(`        the event loop of the ${part} was busy for more than ${most.delayMs} ms`)
}
said(`${chosen.length} attacks, ${wrongs} wrong`)
exitWhenSaid(wrongs === 0 && chosen.length > 0 ? 0 : 1)

/** The neighbour's runs while the attacker only computes, and beside the attack. */
async function tried(name: string) {
  const { before, beside } = await attacked(name)
  return { alone: [...before, ...(await runsAfter())], beside }
}

async function attacked(name: string) {
  const attacker = await startAttacker()
  const place = await startPlace({ FETCH_ALLOW: attacker.host })
  try {
    const before = await runsAlone(place)
    const aim = { url: place.api.url, key: place.attackerKey }
    return { before, beside: await runsBeside(place, attacker.begin({ name, ...aim })) }
  } finally {
    attacker.close()
    await place.close()
  }
}

/** Half of the undisturbed runs. What is slow the first time is slow for everybody. */
async function runsAlone(place: Place): Promise<readonly SeenRun[]> {
  const idler = await startAttacker()
  await runsOf(place.neighbour, 5, 100)
  const end = idler.begin({ name: null, url: place.api.url, key: place.attackerKey })
  const seen = await runsOf(place.neighbour, runs / 2, 100)
  await end()
  idler.close()
  return seen
}

/** The other half, where nothing is left of the attack. */
async function runsAfter(): Promise<readonly SeenRun[]> {
  const place = await startPlace()
  const seen = await runsAlone(place)
  await place.close()
  return seen
}

/** The neighbour's runs beside the attack, and what the processes were like meanwhile. */
async function runsBeside(place: Place, end: () => Promise<string>) {
  const memory = { api: watchMemory(place.api), worker: watchMemory(place.worker) }
  // The attack is under way when the first run is dispatched.
  await sleep(1000)
  const before = { api: await latenessOf(place.api), worker: await latenessOf(place.worker) }
  const seen = await runsOf(place.neighbour, runs, (seconds * 1000) / runs)
  const late = {
    api: latenessBetween(before.api, await latenessOf(place.api)),
    worker: latenessBetween(before.worker, await latenessOf(place.worker)),
  }
  const tally = await end()
  const storedMb = Math.round((await place.storedBytes()) / 1e6)
  return { seen, late, tally, storedMb, memory: { api: memory.api().residentMb, worker: memory.worker().residentMb } }
}

function lateness({ api, worker }: { readonly api: Lateness; readonly worker: Lateness }): string {
  const [ours, theirs] = [api, worker].map(({ late, busy }) => `${delayAt(busy, 0.999)} (${delayAt(late, 0.999)}) ms`)
  return `event loops p99.9 busy (late) for at most: API ${ours}, worker ${theirs}`
}

/** A run without a first token counts as for ever. */
function firstToken(seen: readonly SeenRun[], share: number): number {
  return percentile(
    seen.map(({ firstTokenMs }) => firstTokenMs ?? Number.POSITIVE_INFINITY),
    share,
  )
}

function times(seen: readonly SeenRun[]): string {
  return `${firstToken(seen, 0.99).toFixed(0)} (${firstToken(seen, 0.5).toFixed(0)}) ms`
}
