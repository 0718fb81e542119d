import { requestMessage } from '../conversation/activity.ts'
import type { FetchedAttachment } from '../conversation/attachment.ts'
import { decide, type Step } from '../conversation/decide.ts'
import { type Fact, isEnding, type Recorded } from '../conversation/event.ts'
import { type CallOutcome, fold, type State } from '../conversation/fold.ts'
import type { FunctionCall, FunctionSpec } from '../conversation/function.ts'
import type { CallReader } from '../conversation/read-call.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import { addUsage, noUsage, type Usage } from '../conversation/usage.ts'
import type { Model } from '../models/model.ts'
import { callFunctions } from './call-functions.ts'
import { discards, failing } from './endings.ts'
import type { EventWriter } from './event-writer.ts'
import { loadAttachments } from './load-attachments.ts'
import { type ModelCalling, performModelCall } from './perform-model-call.ts'

export interface ConversationRun {
  readonly request: ConversationRequest
  /** All facts so far; those of this attempt are added. */
  readonly facts: Recorded<Fact>[]
  readonly model: Model
  readonly writer: EventWriter
  /** Aborted when the worker is to let go of the run. */
  readonly signal: AbortSignal
  /** The engine's time, in ms since 1970, as far as this process can tell. */
  readonly clock: () => number
  readonly messageId: () => string
  readonly callId: () => string
  readonly calling: ModelCalling
  readonly readCall: CallReader
  /** What became of it; rejects only soon after the signal is aborted. */
  readonly fetchAttachment: (url: string, signal: AbortSignal) => Promise<FetchedAttachment>
  readonly keepFile: (id: string, content: Uint8Array) => Promise<void>
  /** Null where there is none. */
  readonly file: (id: string) => Promise<Uint8Array | null>
  /** Rejects soon after `signal` is aborted. */
  readonly callAbility: (spec: FunctionSpec, call: FunctionCall, signal: AbortSignal) => Promise<CallOutcome>
  /** Lets the run rest. `news`: there are other facts than the ones seen, which are now in `facts`. */
  readonly park: (step: Step & { kind: 'park' }) => Promise<'parked' | 'news'>
}

/**
 * The loop: fold what is known, decide, perform, until the run has its ending. Returns when the ending is queued with
 * the writer or the run is parked, or when `signal` or `writer.stopped` is aborted; half-said messages are then in
 * `writer.open`.
 */
export async function runConversation(run: ConversationRun): Promise<void> {
  const { request, facts, writer, clock } = run
  /** Used by tries that came to nothing, as far as the provider told; the next unit that counts has it. */
  let spent = noUsage
  const commit = (unit: readonly Fact[]) => {
    writer.unit(unit, usageAfter(fold(facts).usage, unit))
    for (const event of unit) facts.push({ at: clock(), event })
  }

  while (!run.signal.aborted && !writer.stopped.aborted) {
    const state = fold(facts)
    const used = { usage: addUsage(state.usage, spent) }
    if (writer.full.aborted) return commit(failing(writer.open, used, logFull))
    const step = decide(state, request, {
      open: writer.open,
      cancelled: writer.cancellation,
      workedMs: sinceLastWork(run, state),
    })
    switch (step.kind) {
      case 'discard':
        commit(discards(step.messageIds))
        break
      case 'call-model': {
        commit([{ type: 'iteration-started', iteration: step.iteration }])
        const bounds = { step, remainingMs: remainingMs(run, state), spent }
        const { unit, error, said, ...call } = await performModelCall(run, state, bounds)
        spent = call.spent
        if (unit !== null) commit(unit)
        else if (writer.cancellation !== null && !writer.stopped.aborted && !run.signal.aborted) {
          const usage = addUsage(state.usage, spent)
          return commit([...said(), { type: 'dispatch-cancelled', reason: writer.cancellation.reason, usage }])
        }
        if (error !== null) return commit(failing(writer.open, { usage: addUsage(state.usage, spent) }, error))
        break
      }
      case 'load-attachments': {
        const unit = await loadAttachments(run, step, remainingMs(run, state))
        if (unit !== null) commit(unit)
        break
      }
      case 'call-functions':
        await callFunctions(run, step, { remainingMs: remainingMs(run, state), commit })
        break
      case 'park':
        if ((await run.park(step)) === 'parked') return
        break
      case 'complete':
        return commit([
          ...step.requests.map(({ call }) => {
            return { type: 'message-completed', message: requestMessage(call, run.messageId()) } as const
          }),
          { type: 'dispatch-completed', result: step.result, usage: used.usage },
        ])
      case 'cancel':
        return commit([{ type: 'dispatch-cancelled', reason: step.reason, usage: used.usage }])
      case 'fail':
        return commit(failing(writer.open, used, { code: step.code, message: step.message }))
    }
  }
}

/** The run's usage from this unit on; undefined when the unit does not change it. */
function usageAfter(before: Usage, unit: readonly Fact[]): Usage | undefined {
  const ending = unit.find(isEnding)
  if (ending !== undefined) return ending.usage
  const finished = unit.find((fact) => fact.type === 'iteration-finished')
  return finished === undefined ? undefined : addUsage(before, finished.usage)
}

const logFull = { code: 'LIMIT_EXCEEDED', message: "The run's log has reached its limit of entries or bytes." } as const

function sinceLastWork({ clock }: ConversationRun, { lastWorkAt }: State): number {
  return Math.max(0, clock() - lastWorkAt)
}

/** Work that is left before `timeoutSeconds` are over; null without a limit. */
function remainingMs(run: ConversationRun, state: State): number | null {
  const { timeoutSeconds } = run.request
  return timeoutSeconds === null ? null : timeoutSeconds * 1000 - state.workedMs - sinceLastWork(run, state)
}
