import type { FetchedAttachment } from '../conversation/attachment.ts'
import type { Step } from '../conversation/decide.ts'
import { type Fact, isEnding, type Recorded } from '../conversation/event.ts'
import { type CallOutcome, fold } from '../conversation/fold.ts'
import type { FunctionCall, FunctionSpec } from '../conversation/function.ts'
import { createCallReader } from '../conversation/read-call.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import type { Answers } from '../dispatch/answer.ts'
import type { Claimed, RunStore } from '../dispatch/run-store.ts'
import type { DueList } from '../dispatch/schedule/due.ts'
import type { Job, JobAbort, JobHandler, JobOutcome } from '../dispatch/schedule/queue.ts'
import { Failure, type OutcomeCode } from '../kernel/errors.ts'
import type { ChannelKey, Ids } from '../kernel/ids.ts'
import type { Model } from '../models/model.ts'
import { discards, failing } from './endings.ts'
import { ClaimLost, createEventWriter, type EventWriter, type LogLimits } from './event-writer.ts'
import type { ModelCalling } from './perform-model-call.ts'
import { runConversation } from './run-conversation.ts'

export interface WorkerDeps {
  readonly runs: RunStore
  readonly due: DueList
  readonly answers: Pick<Answers, 'awaitMessage'>
  /** What became of it; rejects only soon after the signal is aborted. */
  readonly fetchAttachment: (url: string, signal: AbortSignal) => Promise<FetchedAttachment>
  /** Carries an ability out; a failure of it is an outcome. Rejects soon after the signal is aborted. */
  readonly callAbility: (call: AbilityCall, signal: AbortSignal) => Promise<CallOutcome>
  /** A model by its canonical name, or null when this worker has none such. */
  readonly openModel: (name: string) => Model | null
  readonly ids: Ids
  readonly clock: () => number
  readonly limits: LogLimits
  readonly lossLimit: number
  readonly calling: ModelCalling
  readonly cancellationCheckMs: number
  /** What becomes of a run when this process closes: another process takes it on, or there is none. */
  readonly onClosing: 'hand-over' | 'end'
  /** Logs a defect whole and answers with the id to quote. */
  readonly reportDefect: (error: unknown, job: Job) => string
  /** Told of what does no harm: the sweep repairs it. */
  readonly onError: (error: unknown) => void
}

/** A call of a run's that we answer ourselves. */
export interface AbilityCall {
  readonly key: ChannelKey
  readonly request: ConversationRequest
  readonly spec: FunctionSpec
  readonly call: FunctionCall
}

/**
 * One worker's hold on a run, from claim to ending, hand-over or loss. Keeps nothing that the facts do not tell, so it
 * may die at any line. Throws only what the store threw: the job then comes again.
 */
export function createWorker(deps: WorkerDeps): JobHandler {
  const { runs, ids } = deps
  return async (job, signal) => {
    const claim = ids.nonce()
    const reply = await runs.claim(job.key, { wake: job.wake, claim, tag: ids.tag(), lossLimit: deps.lossLimit })
    if (reply.outcome === 'stale') return 'done'
    const writer = createEventWriter({
      claim,
      open: reply.claimed.open,
      lastTag: reply.claimed.facts.at(-1)?.tag ?? '',
      cancelled: reply.claimed.cancelled,
      append: (append) => runs.append(job.key, append),
      tag: ids.tag,
      limits: deps.limits,
    })
    try {
      return await hold(deps, { job, signal, claim, claimed: reply.claimed, writer })
    } catch (error) {
      if (error instanceof ClaimLost) return 'dropped'
      throw error
    }
  }
}

interface Hold {
  readonly job: Job
  readonly signal: AbortSignal
  readonly claim: string
  readonly claimed: Claimed
  readonly writer: EventWriter
}

async function hold(deps: WorkerDeps, { job, signal, claim, claimed, writer }: Hold): Promise<JobOutcome> {
  // The facts stream holds nothing but facts.
  const facts = [...claimed.facts] as Recorded<Fact>[]
  const fail = (code: OutcomeCode, message: string) => writer.unit(failing(writer.open, fold(facts), { code, message }))

  const stopLooking = lookForCancellation(deps, { job, claim, writer })
  let isParked: boolean
  try {
    isParked = await converse(deps, { job, signal, claim, claimed, writer, facts, fail })
  } finally {
    stopLooking()
  }
  if (isParked) return 'done'
  const last = facts.at(-1)
  const hasEnded = last !== undefined && isEnding(last.event)
  if (!hasEnded && signal.aborted) {
    // The reasons are those of the queue port.
    if ((signal.reason as JobAbort) === 'lost') return 'dropped'
    if (deps.onClosing === 'hand-over') {
      writer.unit(discards(writer.open))
      await writer.flushed()
      return (await deps.runs.release(job.key, claim)) ? 'handed-back' : 'done'
    }
    fail('UNAVAILABLE', 'The server stopped before the run had ended.')
  }
  await writer.flushed()
  return 'done'
}

/** Appends bring the news at once; a model that is silent makes none. */
function lookForCancellation(
  deps: WorkerDeps,
  { job, claim, writer }: Pick<Hold, 'job' | 'claim' | 'writer'>,
): () => void {
  const timer = setInterval(() => {
    deps.runs.cancellation(job.key, claim).then((cancellation) => {
      if (cancellation !== null) writer.cancel(cancellation)
    }, deps.onError)
  }, deps.cancellationCheckMs)
  return () => clearInterval(timer)
}

interface Conversation extends Hold {
  /** Grows as the run goes on. */
  readonly facts: Recorded<Fact>[]
  readonly fail: (code: OutcomeCode, message: string) => void
}

/** Whether the run was parked. */
async function converse(deps: WorkerDeps, conversation: Conversation): Promise<boolean> {
  const { job, signal, claimed, writer, facts, fail } = conversation
  const { request } = claimed
  const model = deps.openModel(request.model)
  if (model === null) {
    fail('MODEL_UNAVAILABLE', `This worker has no model "${request.model}".`)
    return false
  }
  // Facts carry the engine's time; what this process measures is put on the same scale.
  const ahead = deps.clock() - (facts.at(-1)?.at ?? deps.clock())
  let isParked = false
  try {
    await runConversation({
      request,
      facts,
      model,
      writer,
      signal,
      clock: () => deps.clock() - ahead,
      messageId: deps.ids.messageId,
      callId: deps.ids.callId,
      calling: deps.calling,
      readCall: createCallReader(request.functions, request.limits.calls),
      callAbility: (spec, call, abort) => deps.callAbility({ key: job.key, request, spec, call }, abort),
      fetchAttachment: deps.fetchAttachment,
      keepFile: (id, content) => deps.runs.keepFile(job.key, id, content),
      file: (id) => deps.runs.file(job.key, id),
      park: async (step) => {
        const outcome = await park(deps, conversation, step)
        isParked = outcome === 'parked'
        return outcome
      },
    })
  } catch (error) {
    if (error instanceof Failure || error instanceof ClaimLost) throw error
    const id = deps.reportDefect(error, job)
    fail('INTERNAL', `The server failed at this run. It was logged as ${id}.`)
  }
  return isParked
}

/**
 * The order matters: what was announced is in the log, calls wait on their channels, somebody will look at the deadline;
 * only then may the run rest. An answer that came meanwhile is news.
 */
async function park(
  { answers, due, runs }: WorkerDeps,
  { job: { key }, claim, writer, facts }: Conversation,
  { calls, until }: Step & { kind: 'park' },
): Promise<'parked' | 'news'> {
  await writer.flushed()
  const pending = await runs.pending(key)
  // In the order of the calls: who waits first is answered first.
  for (const { call } of calls) {
    const channel = pending.find((each) => each.call.id === call.id)?.resultChannelId ?? null
    if (channel !== null) await answers.awaitMessage(key, call.id, { account: key.account, channel })
  }
  await due.bring(key, until)
  const outcome = await runs.park(key, { claim, ...writer.known, seenFacts: facts.length })
  if (outcome === 'lost') throw new ClaimLost()
  if (outcome === 'parked') return 'parked'
  const known = await runs.facts(key)
  facts.length = 0
  // The facts stream holds nothing but facts.
  for (const fact of known) facts.push(fact as Recorded<Fact>)
  const newest = known.at(-1)
  if (newest !== undefined) writer.hasRead(newest)
  const cancellation = await runs.cancellation(key, claim)
  if (cancellation !== null) writer.cancel(cancellation)
  return 'news'
}
