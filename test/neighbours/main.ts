import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { exitWhenSaid } from '../support/exit-when-said.ts'
import { allAttacks } from './attacks/all.ts'
import { allDelays, type Delays, delayAt, delaysBetween, delaysOf } from './loop-delay.ts'
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
 * The undisturbed time is taken while it computes instead, so both are taken beside a busy process of the same kind.
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
const delays: { readonly api: Delays[]; readonly worker: Delays[] } = { api: [], worker: [] }
let wrongs = 0

for (const name of chosen) {
  if ((await isSlow(name)) && (await isSlow(name))) wrongs += 1
}

/** Whether the first token was slow. Counts whatever else was wrong. */
async function isSlow(name: string): Promise<boolean> {
  const { alone, beside } = await tried(name)
  const [aloneMs, besideMs] = [firstToken(alone.seen, 0.99), firstToken(beside.seen, 0.99)]
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
  said(`        first token p99 (p50) ${times(alone.seen)} alone, ${times(beside.seen)} beside it; ${beside.tally}`)
  said(`        MB: API ${memory.api}, worker ${memory.worker}, Redis ${beside.storedMb}; ${lateness(late)}`)
  for (const line of new Set([...wrong, ...slow])) said(`        ${line}`)
  return slow.length > 0
}
const all = { api: allDelays(delays.api), worker: allDelays(delays.worker) }
said(`Over all of it: ${lateness(all)}`)
for (const [part, late] of Object.entries(all)) {
  if (delayAt(late, 0.999) <= most.delayMs) continue
  wrongs += 1
  said(`        the event loop of the ${part} was late for more than ${most.delayMs} ms`)
}
said(`${chosen.length} attacks, ${wrongs} wrong`)
exitWhenSaid(wrongs === 0 && chosen.length > 0 ? 0 : 1)

/** The neighbour's runs while the attacker only computes, and beside the attack. */
async function tried(name: string) {
  const [attacker, idler] = await Promise.all([startAttacker(), startAttacker()])
  const place = await startPlace({ FETCH_ALLOW: attacker.host })
  try {
    const aim = { url: place.api.url, key: place.attackerKey }
    // What is slow the first time is slow for everybody.
    await runsOf(place.neighbour, 5, 100)
    const alone = await runsBeside(place, idler.begin({ name: null, ...aim }), 100)
    idler.close()
    return { alone, beside: await runsBeside(place, attacker.begin({ name, ...aim }), (seconds * 1000) / runs) }
  } finally {
    attacker.close()
    idler.close()
    await place.close()
  }
}

/** The neighbour's runs, one each `everyMs`, and what the processes were like meanwhile. */
async function runsBeside(place: Place, end: () => Promise<string>, everyMs: number) {
  const memory = { api: watchMemory(place.api), worker: watchMemory(place.worker) }
  // The attack is under way when the first run is dispatched.
  await sleep(1000)
  const before = { api: await delaysOf(place.api), worker: await delaysOf(place.worker) }
  const seen = await runsOf(place.neighbour, runs, everyMs)
  const late = {
    api: delaysBetween(before.api, await delaysOf(place.api)),
    worker: delaysBetween(before.worker, await delaysOf(place.worker)),
  }
  const tally = await end()
  const storedMb = Math.round((await place.storedBytes()) / 1e6)
  return { seen, late, tally, storedMb, memory: { api: memory.api().residentMb, worker: memory.worker().residentMb } }
}

function lateness({ api, worker }: { readonly api: Delays; readonly worker: Delays }): string {
  const [ours, theirs] = [api, worker].map((each) => `${delayAt(each, 0.999)} ms`)
  return `event loops p99.9 late by at most: API ${ours}, worker ${theirs}`
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
