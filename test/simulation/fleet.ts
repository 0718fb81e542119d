import { createFollower, type Follower } from '../../src/channel/follow.ts'
import { type AddMessages, createAddMessages, createHandMessages } from '../../src/dispatch/add-messages.ts'
import { type Answers, createAnswers } from '../../src/dispatch/answer.ts'
import { type CancelDispatch, createCancelDispatch } from '../../src/dispatch/cancel.ts'
import { createDispatchConversation, type DispatchConversation } from '../../src/dispatch/dispatch.ts'
import { unlimitedDays } from '../../src/dispatch/limits/used-today.ts'
import { lineTimings } from '../../src/dispatch/line/line.ts'
import { startLineSweep } from '../../src/dispatch/line/line-sweep.ts'
import { createLineWork } from '../../src/dispatch/line/line-work.ts'
import { createRemovals, type Removals } from '../../src/dispatch/line/removals.ts'
import { type WatchedConversation, watchConversation } from '../../src/dispatch/line/watch-conversation.ts'
import type { Preflight } from '../../src/dispatch/preflight.ts'
import { createRaiseLimits, type RaiseLimits } from '../../src/dispatch/raise-limits.ts'
import type { JobHandler } from '../../src/dispatch/schedule/queue.ts'
import { startSweep } from '../../src/dispatch/schedule/sweep.ts'
import { type ConversationKey, createIds } from '../../src/kernel/ids.ts'
import type { Model } from '../../src/models/model.ts'
import { defaultRetryPolicy } from '../../src/worker/retry.ts'
import { createWorker } from '../../src/worker/worker.ts'
import type { Random } from '../faults/random.ts'
import { inlineChecks } from '../support/inline-helpers.ts'
import type { Jobs } from './jobs.ts'
import type { Network } from './network.ts'
import { type Steps, stepped } from './steps.ts'
import type { SimulatedStore } from './store.ts'
import { inProcess, type SimulatedProcess, type VirtualTime } from './virtual-time.ts'

export interface Api {
  readonly process: SimulatedProcess
  readonly dispatchConversation: DispatchConversation
  readonly answers: Answers
  readonly addMessages: AddMessages
  readonly raiseLimits: RaiseLimits
  readonly follower: Follower
  readonly cancelDispatch: CancelDispatch
  readonly removals: Removals
  watchConversation(key: ConversationKey): AsyncIterableIterator<WatchedConversation>
}

export interface FleetWorker {
  readonly process: SimulatedProcess
  readonly handle: JobHandler
}

export interface FleetOptions {
  readonly random: Random
  readonly time: VirtualTime
  readonly steps: Steps
  readonly store: SimulatedStore
  readonly jobs: Jobs
  readonly network: Network
  readonly preflight: Preflight
  readonly openModel: (name: string) => Model | null
  readonly headCheckMs: number
  /** Told of what should never happen. */
  readonly onDefect: (error: unknown) => void
}

export interface SimulatedFleet {
  readonly apis: readonly Api[]
  readonly workers: readonly FleetWorker[]
  /** The process dies without a word, and another takes its place. */
  kill(process: SimulatedProcess): Promise<void>
  /** All of them are one process, which dies with its store; others take their places when that is open again. */
  die(revive: () => Promise<void>): Promise<void>
  /** Kills those that have done all that they were given to do. */
  bury(): Promise<void>
}

/** Nobody puts a look at a run off for longer. */
export const latestLookMs = 60_000

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const noHarm = () => {}

/** Two APIs that sweep and two workers, each put together as app.ts does it, on ports whose every call is a step. */
export function createSimulatedFleet(options: FleetOptions): SimulatedFleet {
  const { random, steps, store, jobs, network, time } = options
  const ids = createIds((length) => Array.from({ length }, () => letters[random.int(letters.length)]).join(''))
  const { clock } = store
  const patientRuns = stepped(steps, 'runs', store.runs, 'repeat')
  const impatient = {
    runs: stepped(steps, 'runs', store.runs, 'either'),
    results: stepped(steps, 'results', store.results, store.resultsWhenLost),
    due: stepped(steps, 'due', store.due, 'either'),
    lines: stepped(steps, 'lines', store.lines, 'either'),
    members: stepped(steps, 'members', store.members, 'either'),
    transcripts: stepped(steps, 'transcripts', store.transcripts, 'either'),
    queue: stepped(steps, 'queue', jobs, 'either'),
  }
  const lineWork = createLineWork({ ...impatient, ids, clock, traceparent: () => undefined, ...lineTimings })
  const removals = createRemovals({ ...impatient, lineWork })
  const patientLines = stepped(steps, 'lines', store.lines, 'repeat')
  const following = {
    runs: patientRuns,
    log: network.log,
    lines: { find: (keys: readonly ConversationKey[]) => patientLines.find(keys), watch: network.lineNews.watch },
  }
  let count = 0
  const startProcess = (kind: string): SimulatedProcess => {
    count += 1
    return { name: `${kind}${count}`, isDead: false, pausedUntil: 0 }
  }

  const startApi = (): Api => {
    const process = startProcess('api')
    return inProcess.run(process, () => {
      const answers = createAnswers({ ...impatient, ids, clock, traceparent: () => undefined, repairMs: 5000 })
      startSweep({
        ...impatient,
        answers,
        lineWork,
        clock,
        onError: noHarm,
        intervalMs: 2000,
        batch: 500,
        repairMs: 10_000,
        queuedMs: latestLookMs,
        waitingMs: 20_000,
      })
      const lineDue = stepped(steps, 'lineDue', store.lineDue, 'either')
      startLineSweep({ lineDue, lineWork, removals, clock, onError: noHarm, intervalMs: 2000, batch: 500 })
      const follower = createFollower(network.log, { headCheckMs: options.headCheckMs, onError: noHarm })
      return {
        process,
        answers,
        addMessages: createAddMessages(createHandMessages({ ...impatient, ids }), ids),
        raiseLimits: createRaiseLimits({ ...impatient, ids, clock, traceparent: () => undefined, repairMs: 5000 }),
        follower,
        removals,
        cancelDispatch: createCancelDispatch({ ...impatient, lineWork, follower, ids, patienceMs: 2000 }),
        watchConversation: (key) => watchConversation({ following, follower }, key),
        dispatchConversation: createDispatchConversation({
          ...impatient,
          lineWork,
          preflight: options.preflight,
          rate: { take: async () => null },
          webhooks: { find: async () => null },
          daily: unlimitedDays,
          ids,
          clock,
          traceparent: () => undefined,
          repairMs: 5000,
        }),
      }
    })
  }

  const startWorker = (): FleetWorker => {
    const process = startProcess('worker')
    const handle = createWorker({
      loopTurns: { pass: () => undefined, hasRoom: () => true },
      runs: patientRuns,
      lineWork,
      due: impatient.due,
      answers: createAnswers({ ...impatient, ids, clock, traceparent: () => undefined, repairMs: 5000 }),
      fetchAttachment: async () => ({ kind: 'failed', message: 'no attachment' }),
      callAbility: (_call, signal) =>
        steps.perform('ability', async () => {
          signal.throwIfAborted()
          return { kind: 'completed', data: 'worked' }
        }),
      openModel: options.openModel,
      onModelFailure: () => {},
      checks: inlineChecks,
      ids,
      clock,
      limits: { maxEntries: 10_000, maxBytes: 1_000_000 },
      daily: unlimitedDays,
      lossLimit: 1000,
      cancellationCheckMs: 5000,
      calling: {
        retryPolicy: defaultRetryPolicy,
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        random: () => 0,
      },
      onClosing: 'hand-over',
      reportDefect: (error) => {
        options.onDefect(error)
        return 'err'
      },
      onError: noHarm,
    })
    return { process, handle }
  }

  const apis = [startApi(), startApi()]
  const workers = [startWorker(), startWorker()]
  const kill = async (process: SimulatedProcess) => {
    await steps.kill(process)
    jobs.expire(process, time.now() + 1000)
    const api = apis.findIndex((each) => each.process === process)
    if (api !== -1) apis[api] = startApi()
    const worker = workers.findIndex((each) => each.process === process)
    if (worker !== -1) workers[worker] = startWorker()
  }
  return {
    apis,
    workers,
    kill,
    async die(revive) {
      for (const { process } of [...apis, ...workers]) steps.drop(process)
      await revive()
      apis.splice(0, apis.length, startApi(), startApi())
      workers.splice(0, workers.length, startWorker(), startWorker())
    },
    async bury() {
      for (const { process } of [...apis, ...workers]) if ((process.stepsLeft ?? 1) <= 0) await kill(process)
    },
  }
}
