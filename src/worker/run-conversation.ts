import { requestMessage } from '../conversation/activity.ts'
import { decide, type ParkStep, type Step } from '../conversation/decide.ts'
import type { DispatchError, Fact, Recorded } from '../conversation/event.ts'
import { isEnding } from '../conversation/event-traits.ts'
import { fold, type State } from '../conversation/fold.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import { addUsage, noUsage, type Usage } from '../conversation/usage.ts'
import type { JobAbort } from '../dispatch/schedule/queue.ts'
import { boundWork, type Hold } from './bound-work.ts'
import { callFunctions, type FunctionWork } from './call-functions.ts'
import { discards, failing, whatIsFull } from './endings.ts'
import type { FactHistory } from './fact-history.ts'
import { type AttachmentWork, loadAttachments } from './load-attachments.ts'
import type { Pace } from './pace.ts'
import { type ModelWork, performModelCall } from './perform-model-call.ts'

export interface ConversationRun extends Hold {
  readonly request: ConversationRequest
  readonly history: FactHistory
  /** The engine's time, in ms since 1970, as far as this process can tell. */
  readonly clock: () => number
  readonly messageId: () => string
  readonly modelWork: ModelWork
  /** Absent: its provider has no limits. */
  readonly pace?: Pace
  readonly functionWork: FunctionWork
  readonly attachmentWork: AttachmentWork
  /** The account's turn of the event loop, before each step. `costMs`: about how long it keeps the loop; absent: not long. */
  readonly turn: (costMs?: number) => Promise<void> | undefined
  /** What the log holds by now, when the writer was told of messages that others have handed to the run. */
  readonly readNews: () => Promise<readonly Recorded<Fact>[]>
  /** Why the account may use no more today; null: it may. */
  readonly usedUp: () => Promise<DispatchError | null>
  /** Parks the run, unless its log has other facts than `seen`: those are then the reply, and the loop goes on. */
  readonly park: (step: ParkStep, seen: readonly Recorded<Fact>[]) => Promise<ParkReply>
}

export type ParkReply =
  | { readonly outcome: 'parked' }
  | { readonly outcome: 'news'; readonly facts: readonly Recorded<Fact>[] }

/** `over`: the ending is queued with the writer, or the worker must let go. `put-off`: its provider is asked as often as it may be. */
export type ConversationOutcome = 'over' | 'parked' | 'put-off'

/**
 * The loop: fold the facts, decide, perform, until the run has its ending or is parked, or until `signal` or
 * `writer.stopped` is aborted. In the last case partial messages may be left in `writer.open`.
 */
export async function runConversation(run: ConversationRun): Promise<ConversationOutcome> {
  const { request, history, writer, signal, clock } = run
  /** Used by tries without a result, as far as the provider reported it. The next unit that has a usage includes it. */
  let spent = noUsage
  const commit = (unit: readonly Fact[]) => {
    writer.unit(unit, usageAfter(fold(history.facts).usage, unit))
    history.add(unit, clock())
  }
  /** False: messages have come, which the loop reads first. */
  const commitIfHeard = async (unit: readonly Fact[], state: State) => {
    const isHeard = await writer.unitIfHeard(unit, state.added, usageAfter(state.usage, unit))
    if (isHeard) history.add(unit, clock())
    else history.replace(await run.readNews())
    return isHeard
  }
  const end = (unit: readonly Fact[]) => {
    commit(unit)
    return 'over' as const
  }
  /** Before another worker goes on: what tries have used that said nothing, or whose words are gone already, is told with a message that never was. */
  const leaving = () =>
    discards(writer.open.length === 0 && spent.totalTokens > 0 ? [run.messageId()] : writer.open, spent)
  /** Null: the loop goes on. */
  const perform = async (step: Step, state: State): Promise<ConversationOutcome | null> => {
    const usage = () => addUsage(state.usage, spent)
    switch (step.kind) {
      case 'discard':
        commit(discards(step.messageIds))
        return null
      case 'call-model': {
        const usedUp = await run.usedUp()
        if (usedUp !== null) return end(failing(writer.open, { usage: usage() }, usedUp))
        if (run.pace !== undefined) {
          const characters = history.weight + (request.backstory?.length ?? 0)
          const { pace } = run
          if (!(await bounded(run, state, (bound) => pace.enter(characters, bound)))) {
            if (spent.totalTokens > 0) commit(leaving())
            return 'put-off'
          }
          // Cancelled, or closing, while it waited.
          if (signal.aborted || writer.cancellation !== null) return null
        }
        const spentBefore = spent.totalTokens
        if (!(await commitIfHeard([{ type: 'iteration-started', iteration: step.iteration }], state))) return null
        const { unit, error, said, ...call } = await bounded(run, state, (bound) =>
          performModelCall(run.modelWork, state, { step, signal: bound, spent }),
        )
        spent = call.spent
        await run.pace?.used(usedBy(unit, spent) - spentBefore)
        if (unit !== null) commit(unit)
        else if (writer.cancellation !== null && !writer.stopped.aborted && !signal.aborted) {
          const { reason } = writer.cancellation
          return end([...said(), { type: 'dispatch-cancelled', reason, usage: usage() }])
        } else if (signal.aborted && (signal.reason as JobAbort) === 'closing') {
          return end(leaving())
        }
        return error === null ? null : end(failing(writer.open, { usage: usage() }, error))
      }
      case 'load-attachments': {
        const unit = await bounded(run, state, (bound) => loadAttachments(run.attachmentWork, step.urls, bound))
        if (unit !== null) commit(unit)
        return null
      }
      case 'call-functions':
        await bounded(run, state, (bound) => callFunctions(run.functionWork, step, { signal: bound, commit }))
        return null
      case 'park':
      case 'pause': {
        const reply = await run.park(step, history.facts)
        if (reply.outcome === 'parked') return 'parked'
        history.replace(reply.facts)
        return null
      }
      case 'complete': {
        const unit: readonly Fact[] = [
          ...step.requests.map(({ call }) => {
            return { type: 'message-completed', message: requestMessage(call, run.messageId()) } as const
          }),
          { type: 'dispatch-completed', result: step.result, usage: usage() },
        ]
        return (await commitIfHeard(unit, state)) ? 'over' : null
      }
      case 'cancel':
        return end([{ type: 'dispatch-cancelled', reason: step.reason, usage: usage() }])
      case 'fail':
        return end(failing(writer.open, { usage: usage() }, { code: step.code, message: step.message }))
    }
  }

  while (!signal.aborted && !writer.stopped.aborted) {
    await run.turn(stepCost(history.weight))
    const state = fold(history.facts)
    if (writer.full.aborted)
      return end(failing(writer.open, { usage: addUsage(state.usage, spent) }, whatIsFull(writer)))
    const step = decide(state, request, {
      open: writer.open,
      cancelled: writer.cancellation,
      workedMs: sinceLastWork(run, state),
      spent,
    })
    const outcome = await perform(step, state)
    if (outcome !== null) return outcome
  }
  return spent.totalTokens > 0 && (signal.reason as JobAbort) === 'closing' ? end(leaving()) : 'over'
}

/** The tokens of all tries of a call, and of those before it that led to nothing. */
function usedBy(unit: readonly Fact[] | null, spent: Usage): number {
  const finished = unit?.find((fact) => fact.type === 'iteration-finished')
  return finished === undefined ? spent.totalTokens : finished.usage.totalTokens
}

/** Characters that are made a prompt and sent, or parsed, in a ms. */
const perMs = 100_000

/** How long a step with so large a conversation keeps the event loop, in ms; undefined for most. */
function stepCost(weight: number): number | undefined {
  return weight < perMs ? undefined : weight / perMs
}

/** The run's usage from this unit on; undefined when the unit does not change it. */
function usageAfter(before: Usage, unit: readonly Fact[]): Usage | undefined {
  const ending = unit.find(isEnding)
  if (ending !== undefined) return ending.usage
  const used = unit.flatMap((fact) => ('usage' in fact && fact.usage !== undefined ? [fact.usage] : []))
  return used.length === 0 ? undefined : used.reduce(addUsage, before)
}

function sinceLastWork({ clock }: ConversationRun, { lastWorkAt }: State): number {
  return Math.max(0, clock() - lastWorkAt)
}

/** Gives `work` a signal that is aborted when the run must be interrupted, its time limit included. */
async function bounded<Result>(
  run: ConversationRun,
  state: State,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { timeoutSeconds } = run.request
  const remainingMs =
    timeoutSeconds === null ? null : timeoutSeconds * 1000 - state.workedMs - sinceLastWork(run, state)
  const bounds = boundWork(run, remainingMs)
  try {
    return await work(bounds.signal)
  } finally {
    bounds.release()
  }
}
