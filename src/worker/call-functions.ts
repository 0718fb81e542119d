import { answerFacts } from '../conversation/activity.ts'
import type { Step } from '../conversation/decide.ts'
import type { Fact, FunctionResultAwaited } from '../conversation/event.ts'
import type { CallOutcome, CallState } from '../conversation/fold.ts'
import type { FunctionCall, FunctionSpec } from '../conversation/function.ts'

/** What function calls are carried out with. */
export interface FunctionWork {
  readonly functions: readonly FunctionSpec[]
  /** The engine's time, in ms since 1970. */
  readonly clock: () => number
  readonly messageId: () => string
  /** Rejects soon after `signal` is aborted. */
  readonly callAbility: (spec: FunctionSpec, call: FunctionCall, signal: AbortSignal) => Promise<CallOutcome>
}

/**
 * First announces the calls that others answer, all in one unit, so that nobody waits for our own calls. Then carries our
 * own out side by side and commits each answer as it comes. A call that `signal` breaks off gets no answer: the loop's
 * next round finds out why, and another attempt carries it out again.
 */
export async function callFunctions(
  work: FunctionWork,
  { awaits, run }: Step & { kind: 'call-functions' },
  { signal, commit }: { readonly signal: AbortSignal; readonly commit: (unit: readonly Fact[]) => void },
): Promise<void> {
  if (awaits.length > 0) commit(awaits.map((state) => awaited(work, state)))
  await Promise.all(
    run.map(async (state) => {
      const outcome = await carryOut(work, state, signal)
      if (outcome !== null) commit(answerFacts(state.call, outcome, work.messageId()))
    }),
  )
}

function awaited({ functions, clock }: FunctionWork, { call }: CallState): FunctionResultAwaited {
  const spec = functions.find(({ name }) => name === call.name)
  const deadline = Math.round(clock() + (spec?.timeoutSeconds ?? 0) * 1000)
  const resultChannelId = spec?.answer.kind === 'channel' ? spec.answer.channelId : null
  return { type: 'function-result-awaited', call: { ...call, deadline }, resultChannelId }
}

/** Null when it was broken off. */
async function carryOut(
  { functions, callAbility }: FunctionWork,
  { call, problem }: CallState,
  signal: AbortSignal,
): Promise<CallOutcome | null> {
  if (problem !== null) return { kind: 'failed', error: problem }
  const spec = functions.find(({ name }) => name === call.name)
  if (spec?.answer.kind === 'static') return { kind: 'completed', data: spec.answer.data }
  // The call reader found the function, and `decide` runs no other kinds here.
  if (spec?.answer.kind !== 'ability') throw new Error(`The call ${call.id} cannot be carried out.`)
  try {
    return await callAbility(spec, call, signal)
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}
