import type { FetchAttachment } from '../conversation/attachment.ts'
import type { Fact, Recorded } from '../conversation/event.ts'
import { isEnding } from '../conversation/event-traits.ts'
import { type CallOutcome, fold } from '../conversation/fold.ts'
import type { FunctionCall, FunctionSpec } from '../conversation/function.ts'
import { createCallReader } from '../conversation/read-call.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import type { SchemaChecks } from '../conversation/schema/schema-checks.ts'
import type { ProviderLimits } from '../dispatch/limits/provider-limits.ts'
import type { LogLimits } from '../dispatch/limits/stored-bytes.ts'
import type { DailyBudget } from '../dispatch/limits/used-today.ts'
import type { LineWork } from '../dispatch/line/line-work.ts'
import type { Claimed } from '../dispatch/run-store.ts'
import type { Job, JobAbort, JobHandler, JobOutcome } from '../dispatch/schedule/queue.ts'
import { Failure, type OutcomeCode } from '../kernel/errors.ts'
import type { Budget } from '../kernel/helpers/budget.ts'
import type { ChannelKey, Ids } from '../kernel/ids.ts'
import type { LoopTurns } from '../kernel/loop-turns.ts'
import { atPlace, createTurns, type Turns } from '../kernel/turns.ts'
import type { Model } from '../models/model.ts'
import { discards, failing } from './endings.ts'
import { ClaimLost, createEventWriter, type EventWriter } from './event-writer.ts'
import { createFactHistory, type FactHistory } from './fact-history.ts'
import { attachmentPagesMs, attachmentTurns } from './load-attachments.ts'
import { createPace, putOff } from './pace.ts'
import { type ParkDeps, parkRun, readNews } from './park.ts'
import type { ModelCalling, ModelFailure } from './perform-model-call.ts'
import { type ConversationOutcome, runConversation } from './run-conversation.ts'

export interface WorkerDeps extends ParkDeps {
  readonly loopTurns: LoopTurns
  readonly fetchAttachment: FetchAttachment
  readonly lineWork: Pick<LineWork, 'advance'>
  /** Carries out an ability. Its failure is an outcome. Rejects soon after the signal is aborted. */
  readonly callAbility: (call: AbilityCall, signal: AbortSignal) => Promise<CallOutcome>
  /** A model by its canonical name; null when this worker does not have it. */
  readonly openModel: (name: string) => Model | null
  readonly checks: Pick<SchemaChecks, 'begin'>
  readonly ids: Ids
  readonly clock: () => number
  readonly limits: LogLimits
  /** What accounts may use in a day. */
  readonly daily: DailyBudget
  readonly lossLimit: number
  readonly calling: ModelCalling
  /** Absent: no provider has limits. */
  readonly providerLimits?: ProviderLimits
  readonly cancellationCheckMs: number
  /** What happens to a run when this process closes: `hand-over` to another process, or `end` when there is none. */
  readonly onClosing: 'hand-over' | 'end'
  /** Logs a defect in full and returns the id by which a caller can quote it. */
  readonly reportDefect: (error: unknown, job: Job) => string
  /** Told of each try of a model call that failed. */
  readonly onModelFailure: (key: ChannelKey, failure: ModelFailure) => void
  /** Told of errors that do no harm, because the sweep repairs what they leave. */
  readonly onError: (error: unknown) => void
}

/** A function call that the worker answers itself. */
export interface AbilityCall {
  readonly key: ChannelKey
  readonly request: ConversationRequest
  readonly spec: FunctionSpec
  readonly call: FunctionCall
}

/**
 * One worker's hold on a run, from the claim to the ending, hand-over or loss. It keeps no state beyond the facts, so it may
 * die at any line. Throws only the store's errors, after which the job comes again.
 */
export function createWorker(deps: WorkerDeps): JobHandler {
  const { runs, ids } = deps
  const fetching = createTurns(attachmentTurns)
  const claiming = createTurns(claimTurns)
  return async (job, signal) => {
    const claim = ids.nonce()
    const { account } = job.key
    const reply = await atPlace(claiming, account, async () => {
      await deps.loopTurns.pass(account)
      return runs.claim(job.key, { wake: job.wake, claim, tag: ids.tag(), lossLimit: deps.lossLimit })
    })
    if (reply.outcome === 'stale') return 'done'
    // A process whose clock is ahead has queued it. The job comes again until it is time.
    if (reply.outcome !== 'claimed') return 'dropped'
    const writer = createEventWriter({
      claim,
      open: reply.claimed.open,
      lastFact: reply.claimed.facts.at(-1) ?? null,
      cancelled: reply.claimed.cancelled,
      append: (append) => runs.append(job.key, append),
      tag: ids.tag,
      limits: deps.limits,
    })
    try {
      const outcome = await hold(deps, { job, signal, claim, claimed: reply.claimed, writer, fetching })
      const { conversation } = reply.claimed.request
      // The next of its conversation. If this is not reached, the sweep does it.
      if (outcome === 'done' && conversation !== undefined) {
        await deps.lineWork.advance({ account, conversation }).catch(deps.onError)
      }
      return outcome
    } catch (error) {
      if (error instanceof ClaimLost) return 'dropped'
      throw error
    }
  }
}

/** What a claim brings is parsed in one go, so an account reads few of them at once. None is refused. */
const claimTurns = { places: 16, perAccount: 4, waiting: Number.POSITIVE_INFINITY } as const

interface WorkerHold {
  readonly job: Job
  readonly signal: AbortSignal
  readonly claim: string
  readonly claimed: Claimed
  readonly writer: EventWriter
  readonly fetching: Turns
}

async function hold(deps: WorkerDeps, given: WorkerHold): Promise<JobOutcome> {
  const { job, signal, claim, claimed, writer } = given
  // The facts stream holds nothing but facts.
  const history = createFactHistory(claimed.facts as readonly Recorded<Fact>[])
  const fail = (code: OutcomeCode, message: string) =>
    writer.unit(failing(writer.open, fold(history.facts), { code, message }))

  const stopLooking = lookForCancellation(deps, { job, claim, writer })
  let outcome: ConversationOutcome
  try {
    outcome = await converse(deps, { ...given, history, fail })
  } finally {
    stopLooking()
  }
  if (outcome === 'parked') return 'done'
  if (outcome === 'put-off') {
    return (await putOff(deps, { job, claim, writer })) ? 'done' : 'dropped'
  }
  const last = history.facts.at(-1)
  const hasEnded = last !== undefined && isEnding(last.event)
  if (!hasEnded && signal.aborted) {
    // The queue aborts with these reasons only.
    if ((signal.reason as JobAbort) === 'lost') return 'dropped'
    if (deps.onClosing === 'hand-over') {
      writer.unit(discards(writer.open))
      await writer.flushed()
      // Another worker has the run by now, and with it the place in the fair queue, which a `done` would give up.
      return (await deps.runs.release(job.key, claim)) ? 'handed-back' : 'dropped'
    }
    fail('UNAVAILABLE', 'The server stopped before the run had ended.')
  }
  await writer.flushed()
  return 'done'
}

/** The reply to an append tells of a cancellation at once, but a silent model causes no appends. */
function lookForCancellation(
  deps: WorkerDeps,
  { job, claim, writer }: Pick<WorkerHold, 'job' | 'claim' | 'writer'>,
): () => void {
  const timer = setInterval(() => {
    deps.runs.cancellation(job.key, claim).then((cancellation) => {
      if (cancellation !== null) writer.cancel(cancellation)
    }, deps.onError)
  }, deps.cancellationCheckMs)
  return () => clearInterval(timer)
}

interface Conversation extends WorkerHold {
  readonly history: FactHistory
  readonly fail: (code: OutcomeCode, message: string) => void
}

async function converse(deps: WorkerDeps, conversation: Conversation): Promise<ConversationOutcome> {
  const { job, signal, claim, claimed, writer, fetching, history, fail } = conversation
  const { key } = job
  const { request } = claimed
  const { fetchAttachment, calling, ids } = deps
  const { messageId, callId } = ids
  const model = deps.openModel(request.model)
  if (model === null) {
    fail('MODEL_UNAVAILABLE', `This worker has no model "${request.model}".`)
    return 'over'
  }
  // Facts have the engine's time. This process measures on the same scale.
  const ahead = deps.clock() - (history.facts.at(-1)?.at ?? deps.clock())
  const clock = () => deps.clock() - ahead
  const { loopTurns } = deps
  const turn = (costMs?: number) => loopTurns.pass(key.account, costMs)
  /** While nobody else is active, what comes at once is written at once, in few appends. */
  const partTurn = (costMs: number) =>
    loopTurns.hasRoom(key.account, costMs) ? undefined : loopTurns.pass(key.account, costMs)
  const pages: Budget = { leftMs: attachmentPagesMs }
  const { providerLimits } = deps
  const pace = providerLimits && createPace({ limits: providerLimits, sleep: calling.sleep }, job, model.name)
  const readCalls = createCallReader({
    functions: request.functions,
    get limit() {
      return fold(history.facts).raised.calls ?? request.limits.calls
    },
    check: () => deps.checks.begin(key.account),
  })
  try {
    return await runConversation({
      request,
      history,
      writer,
      signal,
      clock,
      messageId,
      turn,
      ...(pace !== undefined && { pace }),
      modelWork: {
        ...(pace !== undefined && { again: pace.again }),
        request,
        turn: partTurn,
        model,
        writer,
        calling,
        readCalls,
        messageId,
        callId,
        onFailure: (failure) => deps.onModelFailure(key, failure),
        file: (id) => deps.runs.file(key, id),
      },
      functionWork: {
        functions: request.functions,
        clock,
        messageId,
        callAbility: (spec, call, abort) => deps.callAbility({ key, request, spec, call }, abort),
      },
      attachmentWork: {
        messageId,
        fetchAttachment: (url, abort) => fetchAttachment({ url, account: key.account, budget: pages }, abort),
        enter: (abort) => fetching.enter(key.account, abort),
        keepFile: (id, content) => deps.runs.keepFile(key, claim, { id, content }),
      },
      readNews: () => readNews(deps.runs, key, writer),
      usedUp: async () => {
        if (!deps.daily.isLimited(key.account)) return null
        // What the last call has used is counted when it is in the log.
        await writer.flushed()
        return (await deps.daily.usedUp(key.account))?.error ?? null
      },
      park: (step, seen) => parkRun(deps, { key, claim, writer, step, now: clock(), seen }),
    })
  } catch (error) {
    if (error instanceof Failure || error instanceof ClaimLost) throw error
    const id = deps.reportDefect(error, job)
    fail('INTERNAL', `The server failed at this run. It was logged as ${id}.`)
    return 'over'
  }
}
