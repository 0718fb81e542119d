import { expect, vi } from 'vitest'
import { pageLimits } from '../../../src/channel/follow.ts'
import type { ChannelEvent } from '../../../src/conversation/event.ts'
import type { ConversationRequest } from '../../../src/conversation/request.ts'
import { createAnswers } from '../../../src/dispatch/answer.ts'
import { unlimitedDays } from '../../../src/dispatch/limits/used-today.ts'
import type { Run } from '../../../src/dispatch/run.ts'
import type { Job, JobOutcome } from '../../../src/dispatch/schedule/queue.ts'
import type { Model } from '../../../src/models/model.ts'
import { defaultRetryPolicy } from '../../../src/worker/retry.ts'
import { createWorker, type WorkerDeps } from '../../../src/worker/worker.ts'
import type { Engine } from '../../conformance/engines.ts'
import { inlineChecks } from '../inline-helpers.ts'
import { lineWorkOn } from '../run/line-work.ts'
import { ids, newKey, newRun } from '../run/runs.ts'

/** One run on an engine, and a worker to be set on it. */
export function createWorkplace(engine: Engine) {
  const key = newKey()
  /** Defects that the worker has reported. */
  const reported: unknown[] = []

  const create = (request: Partial<ConversationRequest> = {}) =>
    engine.runs.create(key, newRun({ request: { ...newRun().request, ...request } }))
  /** Jobs that answers have brought. */
  const jobs: Job[] = []
  const answers = createAnswers({
    ...engine,
    queue: { add: async (job) => void jobs.push(job) },
    ids,
    clock: () => Date.now(),
    traceparent: () => undefined,
    repairMs: 5000,
  })
  const work = async (
    model: Model | null,
    over: Partial<WorkerDeps> = {},
    signal = new AbortController().signal,
  ): Promise<JobOutcome> =>
    createWorker({
      answers,
      loopTurns: { pass: () => undefined, hasRoom: () => true },
      fetchAttachment: async () => ({ kind: 'failed', message: 'no attachment' }),
      callAbility: async () => ({ kind: 'failed', error: { code: 'FAILED', message: 'no ability' } }),
      runs: engine.runs,
      lineWork: lineWorkOn(engine),
      due: engine.due,
      openModel: () => model,
      checks: inlineChecks,
      ids,
      clock: () => Date.now(),
      limits: { maxEntries: 1000, maxBytes: 1_000_000 },
      daily: unlimitedDays,
      lossLimit: 5,
      cancellationCheckMs: 20,
      calling: { retryPolicy: defaultRetryPolicy, sleep: async () => {}, random: () => 0 },
      onClosing: 'hand-over',
      onModelFailure: () => {},
      reportDefect: (error) => {
        reported.push(error)
        return 'err_1'
      },
      onError: (error) => {
        throw error
      },
      ...over,
    })({ key, wake: (await run()).wake }, signal)
  const events = async (): Promise<readonly ChannelEvent[]> => {
    const page = await engine.log.read(key, null, pageLimits)
    return page?.entries.map(({ event }) => event) ?? []
  }
  const kinds = async () => (await events()).map(({ type }) => type)
  const run = async () => (await engine.runs.find([key]))[0] as Run
  /** Waits until the log holds an event of that kind. */
  const seen = (type: ChannelEvent['type']) => vi.waitFor(async () => expect(await kinds()).toContain(type))

  return { key, reported, jobs, answers, create, work, events, kinds, run, seen }
}
