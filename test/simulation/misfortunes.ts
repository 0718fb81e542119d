import type { Random } from '../faults/random.ts'
import { step } from './step.ts'
import type { SimulatedStore } from './store.ts'
import type { Theme } from './theme.ts'
import type { SimulatedProcess } from './virtual-time.ts'
import type { World } from './world.ts'

type OfProcess =
  | 'workers killed'
  | 'workers killed at work'
  | 'workers stopped'
  | 'locks lost'
  | 'workers asked to close'
  | 'apis killed'
  | 'apis killed at work'
type OfStore = 'goes back' | 'goes back under a stopped worker' | 'dies with its process'
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
export function drawMisfortunes(
  random: Random,
  { misfortunes }: Theme,
  { keep, mortal }: Pick<SimulatedStore, 'keep' | 'mortal'>,
): readonly Misfortune[] {
  const deaths: readonly Misfortune[] = mortal === null ? [] : Array.from({ length: 5 }, () => 'dies with its process')
  if (misfortunes !== null) return [...misfortunes, ...deaths]
  const goesBack = keep !== null && random.chance(0.6)
  return [
    ...deaths,
    ...Array.from({ length: 5 }, () => random.pick(ofProcesses)),
    ...(goesBack ? [random.pick(ofStore), random.pick(ofStore), random.pick(ofStore)] : []),
  ]
}

export async function strike(world: World, misfortune: Misfortune): Promise<void> {
  const { random, fleet, jobs, time, count } = world
  if (misfortune === 'dies with its process') return dieSoon(world)
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

function dieSoon({ random, store: { mortal }, wrong }: World): void {
  if (mortal?.isShared()) wrong.push('two processes have the folder')
  if (random.chance(0.3)) mortal?.checkpoint()
  mortal?.dieAt(1 + random.int(40), random.pick(['before', 'after']))
}

/** Another process takes the folder of the one that has died: it knows what was committed, and nothing else. */
export async function goOnAfterDeath({ store: { mortal }, fleet, jobs, steps, count }: World): Promise<void> {
  if (!mortal?.isDead) return
  count('died')
  steps.note('the process dies, and its queue')
  jobs.clear()
  await fleet.die(mortal.revive)
}

export interface Loss {
  /** The last step that is kept, if there is one soon; null: any. */
  readonly from: RegExp | null
  /** Whether clients answer what can be answered just then. */
  readonly isAnswered: boolean
  /** The last step that is lost: somebody has looked, and acts on what is gone. Null: any. */
  readonly until: RegExp | null
}

const losses: readonly Loss[] = [
  { from: null, isAnswered: false, until: null },
  { from: null, isAnswered: false, until: /results\.publish/ },
  // A run is about to park: with an answer on its way, or before its call waits.
  { from: /^worker\d+ runs\.pending/, isAnswered: true, until: /runs\.facts/ },
  { from: /^worker\d+ runs\.pending/, isAnswered: false, until: /^worker\d+ results\.wait/ },
  { from: /queue\.add/, isAnswered: false, until: /runs\.claim/ },
]

/** Of a conversation: its transcript has another list, or a run is about to refer to it. */
const talkLosses: readonly Loss[] = [
  { from: null, isAnswered: false, until: /transcripts\.(extend|branch|hold)/ },
  { from: null, isAnswered: false, until: /lines\.(settle|branch)/ },
]

/** The store loses its last writes: it is as it was some steps ago. Who did the last step. */
async function goBack(world: World): Promise<SimulatedProcess | undefined> {
  const { theme, store, steps, jobs, network, random, watchers, told, clients, count } = world
  if (store.keep === null) return
  const { from, isAnswered, until } = theme.loss ?? random.pick(theme.isTalk ? [...losses, ...talkLosses] : losses)
  if (from !== null) await goOn(world, { least: 1, until: from })
  const [putBack, jobsBack] = [await store.keep(), jobs.snapshot()]
  if (isAnswered) await clients.answerSome()
  await goOn(world, { least: until === null ? random.int(30) : 1, until })
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
  readonly until: RegExp | null
}

async function goOn(world: World, { least, until }: Stretch): Promise<void> {
  const { steps, store, time } = world
  const latest = () => `${steps.latest?.process?.name} ${steps.latest?.name}`
  const isOver = (done: number) => done >= least && (until === null || done > 60 || until.test(latest()))
  for (let done = 0; !isOver(done); done++) {
    await store.settled()
    if (!(await step(world, true))) time.fireNext()
  }
}
