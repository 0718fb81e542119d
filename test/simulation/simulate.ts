import type { Failure } from '../../src/kernel/errors.ts'
import { type ChannelId, type ChannelKey, localAccount } from '../../src/kernel/ids.ts'
import { createRandom, type Random } from '../faults/random.ts'
import { type ClientActs, createClients } from './clients.ts'
import { createSimulatedFleet, type SimulatedFleet } from './fleet.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { judge } from './judge.ts'
import { createNetwork, type Network } from './network.ts'
import { createOutlinedModel, drawOutline, requestOf, type Told } from './outline.ts'
import { createSteps, type Steps } from './steps.ts'
import type { OpenStore, SimulatedStore } from './store.ts'
import { installVirtualTime, type VirtualTime } from './virtual-time.ts'
import { createWatcher, type Watcher } from './watchers.ts'

export interface SimulationReport {
  readonly seed: number
  /** A line each; empty when all is well. */
  readonly wrong: readonly string[]
  readonly counts: Readonly<Record<string, number>>
  /** Every step in its order, for a failing seed. */
  readonly trace: readonly string[]
}

/** What a simulation is made of, as its parts see it. */
export interface World {
  readonly random: Random
  readonly time: VirtualTime
  readonly steps: Steps
  readonly store: SimulatedStore
  readonly jobs: Jobs
  readonly network: Network
  /** Whether publications may get lost; the head check is on then. */
  readonly losesSignals: boolean
  readonly fleet: SimulatedFleet
  readonly runs: readonly ChannelKey[]
  /** Where calls wait for messages. */
  readonly topic: ChannelKey
  readonly watchers: readonly Watcher[]
  readonly clients: ClientActs
  /** What models were told since the store last went back. */
  readonly told: Told[]
  readonly wrong: string[]
  count(what: string): void
  /** How often the store has lost its last writes. */
  losses(): number
}

const stormSteps = 350
const mostSteps = 6000

/**
 * A few runs in one process: two workers, two APIs that sweep, clients that dispatch, answer, publish, cancel and watch;
 * who does the next step, and what goes wrong, is drawn from the seed, so that it replays exactly. First a storm of
 * faults, then calm, in which everything must come to its end; then it is judged.
 */
export async function simulate(seed: number, openStore: OpenStore): Promise<SimulationReport> {
  const random = createRandom(seed)
  const time = installVirtualTime()
  const counts: Record<string, number> = {}
  const wrong: string[] = []
  let steps: Steps | null = null
  try {
    const store = await openStore(time)
    steps = createSteps({ random, time, settled: store.settled })
    const world = createWorld({ random, time, store, steps, counts, wrong })
    await storm(world)
    await calm(world)
    wrong.push(...(await judge(world)))
  } finally {
    time.uninstall()
  }
  return { seed, wrong, counts: { ...counts, steps: steps.trace.length }, trace: steps.trace }
}

interface Beginning extends Pick<World, 'random' | 'time' | 'store' | 'steps' | 'wrong'> {
  readonly counts: Record<string, number>
}

function createWorld({ random, time, store, steps, counts, wrong }: Beginning): World {
  const keyOf = (name: string): ChannelKey => ({ account: localAccount, channel: name.padEnd(16, '0') as ChannelId })
  const topic = keyOf('topic')
  const runs = Array.from({ length: 1 + random.int(3) }, (_, index) => keyOf(`run${index}`))
  const outlines = new Map(runs.map(({ channel }) => [channel, drawOutline(random, store.overdueSeconds)]))
  const told: Told[] = []
  // Pub/sub must do without the head check in some, or nobody would notice that it does not work.
  const isReliable = store.keep === null && random.chance(0.4)
  const defect = (what: string) => void wrong.push(what)
  const jobs = createJobs(time, random, (error) => {
    // What a store throws when a reply is lost: the job comes again.
    if ((error as Failure).code !== 'UNAVAILABLE') defect(`a worker threw ${error}`)
  })
  const network = createNetwork(store.log, steps, random, time.now)
  let isStormy = true
  const outlineOf = (name: string) => outlines.get(name as ChannelId) ?? { turns: [], answerSeconds: 1 }
  const fleet = createSimulatedFleet({
    random,
    time,
    steps,
    store,
    jobs,
    network,
    preflight: {
      models: () => [],
      resolve: async ({ key: { channel } }) => ({
        request: requestOf(channel, outlineOf(channel), topic.channel),
        botId: null,
        contactId: null,
      }),
    },
    openModel: (channel) =>
      createOutlinedModel({
        channel,
        outline: outlineOf(channel),
        steps,
        random,
        isFaulty: () => isStormy,
        onTold: (what) => void told.push(what),
      }),
    headCheckMs: isReliable ? Number.POSITIVE_INFINITY : 2000,
    onDefect: (error) => defect(`a worker reported ${error instanceof Error ? error.stack : error}`),
  })
  let losses = 0
  const watchers = runs.flatMap((key) =>
    Array.from({ length: 3 }, () => createWatcher({ key, mayExpire: () => losses > 0, onDefect: defect })),
  )
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
    if (what === 'went back') losses += 1
    if (what === 'calm') isStormy = false
  }
  const clients = createClients({ random, time, steps, store, jobs, fleet, runs, topic, count, onDefect: defect })
  return {
    random,
    time,
    steps,
    store,
    jobs,
    network,
    losesSignals: !isReliable,
    fleet,
    runs,
    topic,
    watchers,
    clients,
    told,
    wrong,
    count,
    losses: () => losses,
  }
}

/** One step of whatever can happen; false: nothing can, until time goes on. */
async function step(world: World, isFaulty: boolean): Promise<boolean> {
  const { random, steps, network, jobs, fleet, time } = world
  const worker = random.pick(fleet.workers)
  const first = random.int(3)
  for (let i = 0; i < 3; i++) {
    const what = (first + i) % 3
    if (what === 0 && worker.process.pausedUntil <= time.now() && jobs.give(worker.process, worker.handle)) return true
    if (what === 1 && network.deliver(isFaulty && world.losesSignals)) return true
    if (what === 2 && steps.ready > 0) {
      await steps.one(isFaulty)
      return true
    }
  }
  return false
}

async function storm(world: World): Promise<void> {
  const { random, time, clients, watchers, fleet, store } = world
  for (let i = 0; i < stormSteps; i++) {
    await store.settled()
    for (const watcher of watchers) {
      if (!watcher.isDone && !watcher.isConnected() && random.chance(0.2)) watcher.connect(random.pick(fleet.apis))
    }
    const dice = random.int(200)
    if (dice < 4) await misfortune(world)
    else if (dice < 22) clients.act()
    else if (dice < 26) random.pick(watchers).cut()
    else if (dice < 34) time.fireNext()
    else if (!(await step(world, true))) time.fireNext()
  }
}

async function misfortune(world: World): Promise<void> {
  const { random, fleet, jobs, time, count } = world
  const worker = random.pick(fleet.workers).process
  const dice = random.int(10)
  if (dice < 4) {
    count('workers killed')
    await fleet.kill(worker)
  } else if (dice < 6) {
    count('workers stopped')
    const until = time.now() + 500 + random.int(8000)
    worker.pausedUntil = until
    jobs.expire(worker, time.now() + 1000)
  } else if (dice < 7) {
    count('locks lost')
    jobs.expire(worker, time.now())
  } else if (dice < 8) {
    count('workers asked to close')
    jobs.close(worker)
  } else if (dice < 9) {
    count('apis killed')
    await fleet.kill(random.pick(fleet.apis).process)
  } else await goBack(world)
}

/** The store loses its last writes: now and then it is as it was some steps ago. */
async function goBack(world: World): Promise<void> {
  const { store, jobs, network, random, time, watchers, told, clients, count } = world
  if (store.keep === null) return
  const [putBack, jobsBack] = [await store.keep(), jobs.snapshot()]
  for (let i = 0, steps = random.int(30); i < steps; i++) {
    await store.settled()
    if (!(await step(world, true))) time.fireNext()
  }
  count('went back')
  world.steps.note('the store goes back')
  await putBack()
  jobsBack()
  network.interrupt()
  for (const watcher of watchers) watcher.beginAgain()
  told.length = 0
  clients.forget()
}

/** No more faults: everything must come to its end, with a client now and then who answers what is asked. */
async function calm(world: World): Promise<void> {
  const { random, time, watchers, fleet, store, clients, wrong, count } = world
  count('calm')
  let rounds = 0
  for (let nextRound = time.now(); ; ) {
    await store.settled()
    if (world.steps.trace.length > mostSteps) {
      wrong.push('it never comes to rest', ...(await clients.describe()))
      return
    }
    for (const watcher of watchers) {
      if (!watcher.isDone && !watcher.isConnected()) watcher.connect(random.pick(fleet.apis))
    }
    if (await step(world, false)) continue
    if (watchers.every(({ isDone }) => isDone) && !(await beginAgainAfterLoss(world))) return
    if (time.now() < nextRound) {
      time.fireNext()
      continue
    }
    rounds += 1
    if (rounds > 5) {
      wrong.push(...(await clients.describe()))
      return
    }
    wrong.push(...(await clients.answerAll()))
    nextRound = time.now() + 45_000
  }
}

/** Who saw an ending that the store then lost cannot know; to be told how it came out, they must look again. */
async function beginAgainAfterLoss({ watchers, store }: World): Promise<boolean> {
  if (store.keep === null) return false
  let isAny = false
  for (const watcher of watchers) {
    const [, offset, tag] = watcher.seen.at(-1)?.cursor.split('.') ?? []
    const entry = (await store.entries(watcher.key))[Number(offset) - 1]
    if (entry?.tag === tag) continue
    watcher.beginAgain()
    isAny = true
  }
  return isAny
}
