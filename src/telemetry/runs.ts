import type { Ending } from '../conversation/event.ts'
import { type EventHandlers, handleEvent } from '../conversation/event-table.ts'
import { endedStatus } from '../conversation/run-status.ts'
import type { Run } from '../dispatch/run.ts'
import type { Append, Claimed, RunStore } from '../dispatch/run-store.ts'
import type { JobHandler } from '../dispatch/schedule/queue.ts'
import { type ChannelKey, nameOf } from '../kernel/ids.ts'
import type { Tell } from '../kernel/news.ts'
import { callSpans, runSpan } from './run-spans.ts'
import type { OpenSpan, Tracing } from './tracing.ts'

/** The ports unchanged, except that they report what passes through them. */
export interface ObservedRuns {
  store(runs: RunStore): RunStore
  /** Wraps a handler, and forgets what it knew about a run when its worker is done with it. */
  work(handle: JobHandler): JobHandler
}

/** What this process knows about a run in progress. */
interface InHand {
  readonly model: string
  /** By the clock of `now`. */
  readonly dispatchedAt: number
  readonly calls: Set<string>
  iterationAt: number
  readonly span: OpenSpan
}

export interface RunObserverDeps {
  readonly tell: Tell
  readonly tracing: Tracing
  /** A monotonic clock in ms. */
  readonly now: () => number
}

export function observeRuns({ tell, tracing, now }: RunObserverDeps): ObservedRuns {
  const inHand = new Map<string, InHand>()
  /** The traceparent of whoever queued each job in progress. */
  const links = new Map<string, string>()

  const claimed = (key: ChannelKey, { attempt, facts, losses, request }: Claimed, link: string | undefined) => {
    const first = facts[0]?.at ?? 0
    const waitedMs = (facts.at(-1)?.at ?? first) - first
    const how = losses > 0 ? 'taken-over' : attempt === 1 ? 'first' : 'resumed'
    const span = tracing.begin(runSpan(key, { attempt, how, request, link }))
    for (const { start, from, to } of tracing.isOn ? callSpans(facts, request) : []) tracing.past(start, from, to)
    const [dispatchedAt, iterationAt] = [now() - waitedMs, now()]
    inHand.set(nameOf(key), { model: request.model, dispatchedAt, iterationAt, calls: new Set(), span })
    tell({ type: 'started', key, attempt, how, waitedMs })
  }

  const appended = (key: ChannelKey, { events }: Append) => {
    tell({ type: 'appended', events: events.length })
    const run = inHand.get(nameOf(key))
    if (run === undefined) return
    for (const event of events) handleEvent(noted, event, key, run)
  }
  const ended = (ending: Ending, key: ChannelKey, run: InHand) => {
    const code = ending.type === 'dispatch-failed' ? ending.error.code : null
    const outcome = endedStatus[ending.type]
    const { iterations, calls } = ending.usage
    run.span.set({ 'backchannel.run.outcome': outcome })
    if (code !== null) run.span.fail(code)
    tell({ type: 'ended', key, outcome, code, durationMs: now() - run.dispatchedAt, iterations, calls })
  }
  const nothing = () => {}
  const noted: EventHandlers<[key: ChannelKey, run: InHand], void> = {
    'dispatch-queued': nothing,
    'transcript-taken': nothing,
    'messages-added': nothing,
    'dispatch-started': nothing,
    'iteration-started': (_event, _key, run) => {
      run.iterationAt = now()
    },
    'text-delta': nothing,
    'reasoning-delta': nothing,
    'message-completed': nothing,
    'message-discarded': nothing,
    'iteration-finished': ({ usage }, key, { model, iterationAt }) =>
      tell({ type: 'iterated', key, model, durationMs: now() - iterationAt, cost: usage.cost ?? null }),
    'function-call-requested': nothing,
    'function-result-awaited': ({ call }, _key, { calls }) => void calls.add(call.id),
    'function-call-completed': nothing,
    'function-call-failed': nothing,
    'channel-message-published': nothing,
    'attachment-failed': nothing,
    // The park tells it.
    'dispatch-paused': nothing,
    'limits-raised': nothing,
    'dispatch-completed': ended,
    'dispatch-failed': ended,
    'dispatch-cancelled': ended,
  }

  /** If the last entry of the log has this tag, then this call ended the run. */
  const tellEnding = (run: Run | null, tag: string) => {
    if (run === null || run.finishedAt === null || run.position.tag !== tag) return
    const { key, status, error, finishedAt, createdAt, usage } = run
    // These calls end a run as cancelled or failed, never as completed.
    const outcome = status === 'cancelled' ? 'cancelled' : 'failed'
    const { iterations, calls } = usage
    const durationMs = finishedAt - createdAt
    tell({ type: 'ended', key, outcome, code: error?.code ?? null, durationMs, iterations, calls })
  }

  const store = (runs: RunStore): RunStore => ({
    ...runs,
    async create(key, run) {
      const creation = await runs.create(key, run)
      const { outcome } = creation
      if (outcome === 'created') tell({ type: 'dispatched', key, model: run.request.model })
      else tell({ type: 'dispatched-again', key, outcome })
      return creation
    },
    async claim(key, input) {
      const reply = await runs.claim(key, input)
      if (reply.outcome === 'claimed') claimed(key, reply.claimed, links.get(nameOf(key)))
      else tellEnding((await runs.find([key]))[0] ?? null, input.tag)
      return reply
    },
    async append(key, append) {
      const reply = await runs.append(key, append)
      if (reply.outcome === 'applied') appended(key, append)
      else if (reply.outcome !== 'news') tell({ type: 'append-refused', key, outcome: reply.outcome })
      return reply
    },
    async park(key, park) {
      const outcome = await runs.park(key, park)
      if (outcome === 'parked') {
        const run = inHand.get(nameOf(key))
        const limit = park.pause?.paused.reachedLimit.kind ?? null
        run?.span.set({ 'backchannel.run.outcome': limit === null ? 'parked' : 'paused' })
        tell(limit === null ? { type: 'parked', key, calls: run?.calls.size ?? 0 } : { type: 'paused', key, limit })
      }
      return outcome
    },
    async settle(key, settlement) {
      const reply = await runs.settle(key, settlement)
      const wakes = reply.outcome === 'settled' && reply.run?.status === 'queued'
      tell({ type: 'answered', key, callId: settlement.callId, by: settlement.by, outcome: reply.outcome, wakes })
      return reply
    },
    async raise(key, raise) {
      const reply = await runs.raise(key, raise)
      if (reply !== null) tell({ type: 'raised', key, by: raise.by, outcome: reply.outcome })
      return reply
    },
    async cancel(key, input) {
      const run = await runs.cancel(key, input)
      tellEnding(run, input.tag)
      return run
    },
    async release(key, claim) {
      const isReleased = await runs.release(key, claim)
      if (isReleased) tell({ type: 'handed-back', key })
      return isReleased
    },
  })

  return {
    store,
    work: (handle) => (job, signal) => {
      const name = nameOf(job.key)
      if (job.traceparent !== undefined) links.set(name, job.traceparent)
      tell({ type: 'run-taken' })
      return tracing
        .inScope(() => handle(job, signal))
        .finally(() => {
          tell({ type: 'run-left' })
          inHand.delete(name)
          links.delete(name)
        })
    },
  }
}
