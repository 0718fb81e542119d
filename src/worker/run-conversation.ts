import { decide, type Step } from '../conversation/decide.ts'
import type { Fact, Recorded } from '../conversation/event.ts'
import { fold, type State } from '../conversation/fold.ts'
import { toPrompt } from '../conversation/prompt.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import { addUsage } from '../conversation/usage.ts'
import { type Model, ModelFault } from '../models/model.ts'
import { callModel } from './call-model.ts'
import { discards, failing } from './endings.ts'
import type { EventWriter } from './event-writer.ts'

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
}

/**
 * The loop: fold what is known, decide, perform, until the run has its ending. Returns when the ending is queued with
 * the writer, or when `signal` or `writer.stopped` is aborted; half-said messages are then in `writer.open`.
 */
export async function runConversation(run: ConversationRun): Promise<void> {
  const { request, facts, writer, clock } = run
  const commit = (unit: readonly Fact[]) => {
    const before = fold(facts).usage
    const used = unit.flatMap((fact) => (fact.type === 'iteration-finished' ? [fact.usage] : []))
    writer.unit(unit, used.length === 0 ? undefined : used.reduce(addUsage, before))
    for (const event of unit) facts.push({ at: clock(), event })
  }

  while (!run.signal.aborted && !writer.stopped.aborted) {
    const state = fold(facts)
    if (writer.full.aborted) return commit(failing(writer.open, state, logFull))
    const lastAt = facts.at(-1)?.at ?? clock()
    const step = decide(state, request, { open: writer.open, workedMs: Math.max(0, clock() - lastAt) })
    switch (step.kind) {
      case 'discard':
        commit(discards(step.messageIds))
        break
      case 'call-model':
        await performModelCall(run, state, step, commit)
        break
      case 'complete':
        return commit([{ type: 'dispatch-completed', result: step.result, usage: state.usage }])
      case 'fail':
        return commit(failing(writer.open, state, { code: step.code, message: step.message }))
    }
    if (facts.at(-1)?.event.type === 'dispatch-failed') return
  }
}

async function performModelCall(
  run: ConversationRun,
  state: State,
  { iteration }: Step & { kind: 'call-model' },
  commit: (unit: readonly Fact[]) => void,
): Promise<void> {
  const { request, writer, model } = run
  const outOfTime = new AbortController()
  const timer = setTimer(remainingMs(run, state), () => outOfTime.abort())
  const signal = AbortSignal.any([run.signal, writer.stopped, writer.full, outOfTime.signal])
  commit([{ type: 'iteration-started', iteration }])
  try {
    const prompt = toPrompt({ backstory: request.backstory, messages: state.messages, turns: state.turns })
    commit(await callModel({ model, prompt, iteration, signal, writer, messageId: run.messageId }))
  } catch (error) {
    // Whatever an aborted call throws, the next round of the loop finds out why it was aborted.
    if (signal.aborted) return
    if (!(error instanceof ModelFault)) throw error
    const code = error.kind === 'rejected' ? 'MODEL_REJECTED' : 'MODEL_UNAVAILABLE'
    commit(failing(writer.open, state, { code, message: error.message }))
  } finally {
    clearTimeout(timer)
  }
}

const logFull = { code: 'LIMIT_EXCEEDED', message: "The run's log has reached its limit of entries or bytes." } as const

/** Work that is left before `timeoutSeconds` are over; null without a limit. */
function remainingMs({ request, facts, clock }: ConversationRun, state: State): number | null {
  if (request.timeoutSeconds === null) return null
  const lastAt = facts.at(-1)?.at ?? clock()
  return request.timeoutSeconds * 1000 - state.workedMs - (clock() - lastAt)
}

/** One millisecond late, because timers may fire early and the table would find that time is not up. */
function setTimer(ms: number | null, fire: () => void): NodeJS.Timeout | undefined {
  return ms === null ? undefined : setTimeout(fire, Math.max(0, ms) + 1)
}
