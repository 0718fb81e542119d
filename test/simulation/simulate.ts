import { setImmediate } from 'node:timers/promises'
import { isEnded } from '../../src/conversation/run-status.ts'
import { createRandom } from '../faults/random.ts'
import { opened } from '../support/lifetime/opened.ts'
import { judge, judgeLooks } from './judge.ts'
import { listen } from './judge-deliveries.ts'
import { drawMisfortunes, goOnAfterDeath, strike } from './misfortunes.ts'
import { step } from './step.ts'
import { createSteps, type Steps } from './steps.ts'
import type { OpenStore } from './store.ts'
import { judgeReferences } from './talk/judge-references.ts'
import { drawTheme } from './theme.ts'
import { installVirtualTime } from './virtual-time.ts'
import { createWorld, type World } from './world.ts'

export interface SimulationReport {
  readonly seed: number
  /** A line each; empty when all is well. */
  readonly wrong: readonly string[]
  readonly counts: Readonly<Record<string, number>>
  /** Every step in its order, for a failing seed. */
  readonly trace: readonly string[]
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

async function storm(world: World): Promise<void> {
  const { theme, random, time, clients, watchers, talkWatchers, fleet, store } = world
  const misfortunes = drawMisfortunes(random, theme, store)
  // How fast time goes by compared with what processes do.
  const pace = random.pick([4, 8, 30])
  for (let i = 0; i < stormSteps; i++) {
    await store.settled()
    await goOnAfterDeath(world)
    for (const watcher of watchers) {
      if (watcher.wants() && random.chance(0.2)) watcher.connect(random.pick(fleet.apis))
    }
    for (const watcher of talkWatchers) {
      if (watcher.wants() && random.chance(0.2)) watcher.connect(random.pick(fleet.apis))
      else if (random.chance(0.01)) watcher.cut()
    }
    const dice = random.int(200)
    if (dice < 4) await strike(world, random.pick(misfortunes))
    else if (dice < 22) clients.act()
    else if (dice < 30) random.pick(watchers).cut(random.chance(0.3) ? random.int(100) : 0)
    else if (dice < 30 + pace) time.fireNext()
    else if (!(await step(world, true))) time.fireNext()
    if (i % 25 === 0) world.wrong.push(...(await judgeLooks(world)), ...(await judgeReferences(world)))
  }
}

/** No more faults: everything must come to its end, with a client now and then who answers what is asked. */
async function calm(world: World): Promise<void> {
  const { random, time, watchers, talkWatchers, fleet, store, clients, wrong, count } = world
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
    for (const watcher of [...watchers, ...talkWatchers]) {
      if (watcher.wants()) watcher.connect(random.pick(fleet.apis))
    }
    if (await step(world, false)) continue
    if (watchers.every(({ isDone }) => isDone) && !(await beginAgainAfterLoss(world)) && (await isTalkOver(world)))
      return
    if (time.now() < nextRound) {
      time.fireNext()
      continue
    }
    rounds += 1
    // In a conversation they come one after the other.
    if (rounds > (world.talk === null ? 5 : 12)) {
      wrong.push(...(await clients.describe()))
      return
    }
    wrong.push(...(await clients.answerAll()))
    nextRound = time.now() + 45_000
  }
}

/** The last word of the conversation has been said, and those who watch it know how it stands. */
async function isTalkOver({ talk, talkWatchers, store, clients }: World): Promise<boolean> {
  if (talk === null) return true
  // One that a process created as it died has a watcher who was done with the one before.
  const runs = await store.runs.find(talk.utterances.map(({ key }) => key))
  if (runs.some((run) => run != null && !isEnded(run.status))) return false
  if (!talk.hasSaidLast()) {
    clients.sayLast()
    return false
  }
  const [line] = await store.lines.find([talk.key])
  // What somebody has sent again after it was removed is nobody's to wait for, but for the line's.
  return line?.places.length === 0 && talkWatchers.every(({ last }) => last?.updatedAt === line.updatedAt)
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
