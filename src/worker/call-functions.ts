import { answerFacts } from '../conversation/activity.ts'
import type { Step } from '../conversation/decide.ts'
import type { Fact, FunctionResultAwaited } from '../conversation/event.ts'
import type { CallOutcome, CallState } from '../conversation/fold.ts'
import { boundWork } from './bound-work.ts'
import type { ConversationRun } from './run-conversation.ts'

/**
 * Announces the calls that others answer, all in one unit and first, so that nobody waits for our own; then carries the
 * others out side by side, each answer written as it comes. Calls that are broken off get no answer: the loop's next
 * round finds out why, and another attempt carries them out again.
 */
export async function callFunctions(
  run: ConversationRun,
  { awaits, run: toRun }: Step & { kind: 'call-functions' },
  { remainingMs, commit }: { readonly remainingMs: number | null; readonly commit: (unit: readonly Fact[]) => void },
): Promise<void> {
  if (awaits.length > 0) commit(awaits.map((state) => awaited(run, state)))
  const bounds = boundWork(run, remainingMs)
  try {
    await Promise.all(
      toRun.map(async (state) => {
        const outcome = await carryOut(run, state, bounds.signal)
        if (outcome !== null) commit(answerFacts(state.call, outcome, run.messageId()))
      }),
    )
  } finally {
    bounds.release()
  }
}

function awaited({ request, clock }: ConversationRun, { call }: CallState): FunctionResultAwaited {
  const spec = request.functions.find(({ name }) => name === call.name)
  const deadline = Math.round(clock() + (spec?.timeoutSeconds ?? 0) * 1000)
  const resultChannelId = spec?.answer.kind === 'channel' ? spec.answer.channelId : null
  return { type: 'function-result-awaited', call: { ...call, deadline }, resultChannelId }
}

/** Null when it was broken off. */
async function carryOut(run: ConversationRun, state: CallState, signal: AbortSignal): Promise<CallOutcome | null> {
  const { call, problem } = state
  if (problem !== null) return { kind: 'failed', error: problem }
  const spec = run.request.functions.find(({ name }) => name === call.name)
  if (spec?.answer.kind === 'static') return { kind: 'completed', data: spec.answer.data }
  // Its reader found the function, and nothing else needs no one.
  if (spec?.answer.kind !== 'ability') throw new Error(`The call ${call.id} cannot be carried out.`)
  try {
    return await run.callAbility(spec, call, signal)
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}
