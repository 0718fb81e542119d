import type { Random } from '../faults/random.ts'
import type { World } from './simulate.ts'
import { step } from './step.ts'
import type { SimulatedProcess } from './virtual-time.ts'

type OfProcess =
  | 'workers killed'
  | 'workers killed at work'
  | 'workers stopped'
  | 'locks lost'
  | 'workers asked to close'
  | 'apis killed'
  | 'apis killed at work'
type OfStore = 'goes back' | 'goes back under a stopped worker'
export type Misfortune = OfProcess | OfStore

const ofProcesses: readonly OfProcess[] = [
  'workers killed',
  'workers killed',
  'workers killed at work',
  'workers stopped',
  'workers stopped',
  'locks lost',
  'workers asked to close',
  'apis killed',
  'apis killed at work',
  'apis killed at work',
]
const ofStore: readonly OfStore[] = ['goes back', 'goes back', 'goes back under a stopped worker']

/**
 * What goes wrong in this simulation; named twice, twice as often. Drawn for each: a fault that is always there hides what
 * another one would show, and a store that loses its last writes excuses much that is held against it otherwise.
 */
export function drawMisfortunes(random: Random, canGoBack: boolean): readonly Misfortune[] {
  const goesBack = canGoBack && random.chance(0.6)
  return [
    ...Array.from({ length: 5 }, () => random.pick(ofProcesses)),
    ...(goesBack ? [random.pick(ofStore), random.pick(ofStore), random.pick(ofStore)] : []),
  ]
}

export async function strike(world: World, misfortune: Misfortune): Promise<void> {
  const { random, fleet, jobs, time, count } = world
  if (misfortune === 'goes back') return void (await goBack(world))
  if (misfortune === 'goes back under a stopped worker') {
    const last = await goBack(world)
    const { process } = fleet.workers.find((each) => each.process === last) ?? random.pick(fleet.workers)
    // It wakes up and holds what the store has never given it, and what another has taken meanwhile.
    process.pausedUntil = time.now() + 1000 + random.int(3000)
    return jobs.expire(process, time.now())
  }
  const worker = random.pick(fleet.workers).process
  const api = random.pick(fleet.apis).process
  count(misfortune)
  switch (misfortune) {
    case 'workers killed':
      return fleet.kill(worker)
    case 'apis killed':
      return fleet.kill(api)
    case 'workers killed at work':
      worker.stepsLeft = 1 + random.int(12)
      return
    case 'apis killed at work':
      api.stepsLeft = 1 + random.int(12)
      return
    case 'workers stopped':
      worker.pausedUntil = time.now() + 500 + random.int(8000)
      return jobs.expire(worker, time.now() + 1000)
    case 'locks lost':
      return jobs.expire(worker, time.now())
    case 'workers asked to close':
      return jobs.close(worker)
  }
}

/** Steps by which somebody learns what others have written, to act on it next. */
const looks = ['runs.claim', 'runs.facts', 'runs.facts', 'runs.pending', 'results.wait', 'results.publish'] as const

/** Steps just before somebody writes what others will act on. */
const announcements = ['due.bring', 'runs.pending', 'queue.add'] as const

/**
 * The store loses its last writes: now and then it is as it was some steps ago, from any time to any time, or from before
 * somebody wrote until somebody has looked. Who did the last step.
 */
async function goBack(world: World): Promise<SimulatedProcess | undefined> {
  const { store, steps, jobs, network, random, watchers, told, clients, count } = world
  if (store.keep === null) return
  if (random.chance(0.6)) await goOn(world, { least: 1, until: random.pick(announcements) })
  const [putBack, jobsBack] = [await store.keep(), jobs.snapshot()]
  await goOn(world, {
    least: random.int(random.pick([8, 30])),
    until: random.chance(0.6) ? random.pick(looks) : null,
  })
  count('went back')
  steps.note('the store goes back')
  await putBack()
  jobsBack()
  network.interrupt()
  for (const watcher of watchers) {
    watcher.beginAgain()
    // What a watcher comes back to may have grown again meanwhile.
    if (random.chance(0.5)) watcher.cut(random.int(100))
  }
  told.length = 0
  clients.forget()
  return steps.latest?.process
}

interface Stretch {
  readonly least: number
  /** What its last step is, if there is one soon. */
  readonly until: string | null
}

async function goOn(world: World, { least, until }: Stretch): Promise<void> {
  const { steps, store, time } = world
  const isOver = (done: number) =>
    done >= least && (until === null || done > 60 || steps.latest?.name.startsWith(until))
  for (let done = 0; !isOver(done); done++) {
    await store.settled()
    if (!(await step(world, true))) time.fireNext()
  }
}
