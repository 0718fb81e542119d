import type { Failure } from '../../src/kernel/errors.ts'
import { type ChannelId, type ChannelKey, localAccount } from '../../src/kernel/ids.ts'
import type { JudgedLimits } from '../faults/judge-budget.ts'
import type { Random } from '../faults/random.ts'
import { type ClientActs, createClients } from './clients.ts'
import { createSimulatedFleet, type SimulatedFleet } from './fleet.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createNetwork, type Network } from './network.ts'
import { type Asked, createOutlinedModel, drawOutline, requestOf, type Told } from './outline.ts'
import type { Steps } from './steps.ts'
import type { SimulatedStore } from './store.ts'
import { createTalk, type Talk } from './talk/talk.ts'
import { createTalkWatcher, type TalkWatcher } from './talk/talk-watchers.ts'
import type { Theme } from './theme.ts'
import type { VirtualTime } from './virtual-time.ts'
import { createWatcher, type Watcher } from './watchers.ts'
import { createWitness, type Witness } from './witness.ts'

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
  /** What each may use, as it was dispatched. */
  budgetOf(key: ChannelKey): JudgedLimits
  /** Where calls wait for messages. */
  readonly topic: ChannelKey
  readonly watchers: readonly Watcher[]
  readonly clients: ClientActs
  /** What models were told since the store last went back, and what they were asked with. */
  readonly told: Told[]
  readonly asked: readonly Asked[]
  /** The conversation that dispatches belong to; null: they stand alone. */
  readonly talk: Talk | null
  readonly talkWatchers: readonly TalkWatcher[]
  readonly witness: Witness
  readonly wrong: string[]
  count(what: string): void
  /** How often the store has lost its last writes. */
  losses(): number
}

interface Beginning extends Pick<World, 'theme' | 'random' | 'time' | 'store' | 'steps' | 'wrong'> {
  readonly counts: Record<string, number>
}

export function createWorld({ theme, random, time, store: bare, steps, counts, wrong }: Beginning): World {
  const witness = createWitness(bare, steps)
  const { store } = witness
  const keyOf = (name: string): ChannelKey => ({ account: localAccount, channel: name.padEnd(16, '0') as ChannelId })
  const topic = keyOf('topic')
  const talk = theme.isTalk ? createTalk(random, store.clock) : null
  const runs =
    talk === null
      ? Array.from({ length: 1 + random.int(3) }, (_, index) => keyOf(`run${index}`))
      : talk.utterances.map(({ key }) => key)
  const outlines = new Map(runs.map(({ channel }) => [channel, drawOutline(random, theme, store.overdueSeconds)]))
  const told: Told[] = []
  const asked: Asked[] = []
  // Pub/sub must do without the head check in some, or nobody would notice that it does not work.
  const isReliable = store.mortal !== null || (store.keep === null && random.chance(0.4))
  const defect = (what: string) => void wrong.push(what)
  const jobs = createJobs(time, random, (error) => {
    // What a store throws when a reply is lost: the job comes again.
    if ((error as Failure).code !== 'UNAVAILABLE') defect(`a worker threw ${error}`)
  })
  const network = createNetwork({
    log: store.log,
    lineNews: store.lineNews,
    steps,
    random,
    now: time.now,
    isInProcess: store.mortal !== null,
  })
  let isStormy = true
  const outlineOf = (name: string) => outlines.get(name as ChannelId) ?? { turns: [], answerSeconds: 1, budget: null }
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
        onAsked: (what) => void asked.push(what),
      }),
    headCheckMs: isReliable ? Number.POSITIVE_INFINITY : 2000,
    onDefect: (error) => defect(`a worker reported ${error instanceof Error ? error.stack : error}`),
  })
  let losses = 0
  const isRemoved = ({ channel }: ChannelKey) => witness.removed.has(channel) || (talk?.mayBeRemoved() ?? false)
  const watchers = runs.flatMap((key) =>
    Array.from({ length: talk === null ? 3 : 1 }, (_, index) =>
      createWatcher({
        key,
        mayExpire: () => losses > 0 || isRemoved(key),
        isMoot: () => talk?.isMoot(key) ?? false,
        onEvent: (event) => {
          if (event.type === 'message-completed') talk?.heard(event.message.id)
          if (event.type === 'messages-added') for (const { id } of event.messages) talk?.heard(id)
          // One of them in three, and nobody answers all of them.
          if (event.type === 'function-result-awaited' && random.chance(0.25)) clients.answer(key, event)
        },
        onDefect: defect,
        takesAtOnce: (offset) => (offset + index) % 3 > 0,
      }),
    ),
  )
  const talkWatchers = (talk === null ? [] : [talk, talk]).map(({ key }) =>
    createTalkWatcher({ key, mayGoBack: () => losses > 0, onDefect: defect }),
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
    talk,
    count,
    hasEnded: (key) => watchers.some((watcher) => watcher.key === key && watcher.hasSeenEnding),
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
    budgetOf: ({ channel }) => outlineOf(channel).budget ?? {},
    topic,
    watchers,
    clients,
    told,
    asked,
    talk,
    talkWatchers,
    witness,
    wrong,
    count,
    losses: () => losses,
  }
}
