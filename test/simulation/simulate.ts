import { setImmediate } from 'node:timers/promises'
import type { Failure } from '../../src/kernel/errors.ts'
import { type ChannelId, type ChannelKey, localAccount } from '../../src/kernel/ids.ts'
import { createRandom, type Random } from '../faults/random.ts'
import { opened } from '../support/lifetime/opened.ts'
import { type ClientActs, createClients } from './clients.ts'
import { createSimulatedFleet, type SimulatedFleet } from './fleet.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { judge, judgeLooks } from './judge.ts'
import { listen } from './judge-deliveries.ts'
import type { Asked } from './judge-steering.ts'
import { drawMisfortunes, goOnAfterDeath, strike } from './misfortunes.ts'
import { createNetwork, type Network } from './network.ts'
import { createOutlinedModel, drawOutline, requestOf, type Told } from './outline.ts'
import { step } from './step.ts'
import { createSteps, type Steps } from './steps.ts'
import type { OpenStore, SimulatedStore } from './store.ts'
import { drawTheme, type Theme } from './theme.ts'
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
  readonly theme: Theme
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
  /** What models were asked with. */
  readonly asked: readonly Asked[]
  readonly wrong: string[]
  count(what: string): void
  /** How often the store has lost its last writes. */
  losses(): number
}

const stormSteps = 450
const mostSteps = 6000

/**
 * A few runs in one process: two workers, two APIs that sweep, clients that dispatch, answer, publish, cancel and watch;
 * who does the next step, and what goes wrong, is drawn from the seed, so that it replays exactly. First a storm of
 * faults, then calm, in which everything must come to its end; then it is judged. When its test ends first, as one that
 * times out does, it is given up at its next step, and the next test has the real timers.
 */
export async function simulate(seed: number, openStore: OpenStore): Promise<SimulationReport> {
  const random = createRandom(seed)
  const time = installVirtualTime()
  const counts: Record<string, number> = {}
  const wrong: string[] = []
  const givenUp = new AbortController()
  let isOver = false
  let steps: Steps | null = null
  let close = () => {}
  try {
    opened(givenUp, async () => {
      givenUp.abort(new Error('The test was over before the simulation.'))
      // A step that never ends must not keep the clock.
      for (let turn = 0; turn < 1000 && !isOver; turn++) await setImmediate()
      time.uninstall()
    })
    const opening = await openStore(time)
    const settled = () => {
      givenUp.signal.throwIfAborted()
      return opening.settled()
    }
    const store = { ...opening, settled }
    close = store.close
    await listen(store)
    const theme = drawTheme(seed, store.keep !== null)
    counts[`about ${theme.name}`] = 1
    const hasDied = () => store.mortal?.isDead ?? false
    // One process may ask for much in one turn.
    const atOnce = () => (store.mortal === null ? 1 : random.pick([1, 1, 2, 4]))
    steps = createSteps({ random, time, settled, atOnce, hasDied, lostMessages: theme.lostMessages })
    const world = createWorld({ theme, random, time, store, steps, counts, wrong })
    await storm(world)
    await calm(world)
    wrong.push(...(await judge(world).catch((error: unknown) => [`the logs cannot be judged: ${error}`])))
  } finally {
    isOver = true
    time.uninstall()
    close()
  }
  return { seed, wrong, counts: { ...counts, steps: steps.trace.length }, trace: steps.trace }
}

interface Beginning extends Pick<World, 'theme' | 'random' | 'time' | 'store' | 'steps' | 'wrong'> {
  readonly counts: Record<string, number>
}

function createWorld({ theme, random, time, store, steps, counts, wrong }: Beginning): World {
  const keyOf = (name: string): ChannelKey => ({ account: localAccount, channel: name.padEnd(16, '0') as ChannelId })
  const topic = keyOf('topic')
  const runs = Array.from({ length: 1 + random.int(3) }, (_, index) => keyOf(`run${index}`))
  const outlines = new Map(
    runs.map(({ channel }) => [channel, drawOutline(random, theme.callable, store.overdueSeconds)]),
  )
  const told: Told[] = []
  const asked: Asked[] = []
  // Pub/sub must do without the head check in some, or nobody would notice that it does not work.
  const isReliable = store.mortal !== null || (store.keep === null && random.chance(0.4))
  const defect = (what: string) => void wrong.push(what)
  const jobs = createJobs(time, random, (error) => {
    // What a store throws when a reply is lost: the job comes again.
    if ((error as Failure).code !== 'UNAVAILABLE') defect(`a worker threw ${error}`)
  })
  const network = createNetwork({ log: store.log, steps, random, now: time.now, isInProcess: store.mortal !== null })
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
        onAsked: (texts) => void asked.push({ channel, added: texts.filter((text) => /^added\d+$/.test(text)) }),
      }),
    headCheckMs: isReliable ? Number.POSITIVE_INFINITY : 2000,
    onDefect: (error) => defect(`a worker reported ${error instanceof Error ? error.stack : error}`),
  })
  let losses = 0
  const watchers = runs.flatMap((key) =>
    Array.from({ length: 3 }, (_, index) =>
      createWatcher({
        key,
        mayExpire: () => losses > 0,
        // One of them in three, and nobody answers all of them.
        onAwaited: (event) => void (random.chance(0.25) && clients.answer(key, event)),
        onDefect: defect,
        takesAtOnce: (offset) => (offset + index) % 3 > 0,
      }),
    ),
  )
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
    if (what === 'went back') losses += 1
    if (what === 'calm') isStormy = false
  }
  const clients = createClients({
    theme,
    random,
    time,
    steps,
    store,
    jobs,
    fleet,
    runs,
    topic,
    count,
    onDefect: defect,
  })
  return {
    theme,
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
    asked,
    wrong,
    count,
    losses: () => losses,
  }
}

async function storm(world: World): Promise<void> {
  const { theme, random, time, clients, watchers, fleet, store } = world
  const misfortunes = drawMisfortunes(random, theme, store)
  // How fast time goes by compared with what processes do.
  const pace = random.pick([4, 8, 30])
  for (let i = 0; i < stormSteps; i++) {
    await store.settled()
    await goOnAfterDeath(world)
    for (const watcher of watchers) {
      if (watcher.wants() && random.chance(0.2)) watcher.connect(random.pick(fleet.apis))
    }
    const dice = random.int(200)
    if (dice < 4) await strike(world, random.pick(misfortunes))
    else if (dice < 22) clients.act()
    else if (dice < 30) random.pick(watchers).cut(random.chance(0.3) ? random.int(100) : 0)
    else if (dice < 30 + pace) time.fireNext()
    else if (!(await step(world, true))) time.fireNext()
    if (i % 25 === 0) world.wrong.push(...(await judgeLooks(world)))
  }
}

/** No more faults: everything must come to its end, with a client now and then who answers what is asked. */
async function calm(world: World): Promise<void> {
  const { random, time, watchers, fleet, store, clients, wrong, count } = world
  await goOnAfterDeath(world)
  await store.mortal?.revive()
  count('calm')
  for (const watcher of watchers) watcher.return()
  let rounds = 0
  for (let nextRound = time.now(); ; ) {
    await store.settled()
    if (world.steps.trace.length > mostSteps) {
      wrong.push('it never comes to rest', ...(await clients.describe()))
      return
    }
    for (const watcher of watchers) {
      if (watcher.wants()) watcher.connect(random.pick(fleet.apis))
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
