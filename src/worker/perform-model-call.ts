import type { Step } from '../conversation/decide.ts'
import type { DispatchError, Fact } from '../conversation/event.ts'
import type { State } from '../conversation/fold.ts'
import { toPrompt } from '../conversation/prompt.ts'
import { addUsage, noUsage, type Usage } from '../conversation/usage.ts'
import { ModelFault } from '../models/model.ts'
import { boundWork } from './bound-work.ts'
import { type Block, callModel, completeMessages, toUsage } from './call-model.ts'
import { discards } from './endings.ts'
import { createRetries, type RetryPolicy } from './retry.ts'
import type { ConversationRun } from './run-conversation.ts'
import { withFiles } from './with-files.ts'

/** How models are called, whichever run it is. */
export interface ModelCalling {
  readonly retryPolicy: RetryPolicy
  /** Rejects soon after `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** From 0 to 1. */
  readonly random: () => number
}

export interface ModelCallBounds {
  readonly step: Step & { kind: 'call-model' }
  /** Work that is left for the run, in ms; null without a limit. */
  readonly remainingMs: number | null
  /** Used before, by tries that came to nothing. */
  readonly spent: Usage
}

/**
 * `unit`: what the iteration came to. `error`: why the run cannot go on. Both null: it was interrupted, and `said` makes
 * messages of what had been said till then.
 */
export interface ModelCallOutcome {
  readonly unit: readonly Fact[] | null
  readonly error: DispatchError | null
  /** What tries that came to nothing have used, `unit` not counted; in `unit` when there is one. */
  readonly spent: Usage
  readonly said: () => readonly Fact[]
}

/**
 * One iteration's model call, tried again after faults that may pass: each try under new message ids, what it had half
 * said voided. A 429 of one provider slows only runs on it: the wait is the run's own.
 */
export async function performModelCall(
  run: ConversationRun,
  state: State,
  { step, remainingMs, spent: spentBefore }: ModelCallBounds,
): Promise<ModelCallOutcome> {
  const { request, writer, model, calling } = run
  const words = toPrompt({ backstory: request.backstory, messages: state.messages, turns: state.turns })
  const prompt = await withFiles(words, model, run.file)
  const bounds = boundWork(run, remainingMs)
  const { signal } = bounds
  const retries = createRetries(calling.retryPolicy, calling.random)
  let spent = spentBefore
  try {
    for (;;) {
      let used = noUsage
      const blocks: Block[] = []
      const said = () => completeMessages(blocks, writer)
      try {
        const unit = await callModel({
          model,
          prompt,
          tools: request.functions.map(({ name, description, parameters }) => ({ name, description, parameters })),
          iteration: step.iteration,
          forced: step.forced,
          readCall: run.readCall,
          callsBefore: state.usage.calls,
          signal,
          writer,
          messageId: run.messageId,
          callId: run.callId,
          blocks,
          onUsage: (usage) => {
            used = toUsage(usage)
          },
        })
        return { unit: withSpent(unit, spent), error: null, spent: noUsage, said }
      } catch (error) {
        spent = addUsage(spent, used)
        // Whatever an aborted call throws, the loop's next round finds out why it was aborted.
        if (signal.aborted) return { unit: null, error: null, spent, said }
        if (!(error instanceof ModelFault)) throw error
        const delay = retries.delayAfter(error)
        if (delay === null) return { unit: null, error: errorOf(error), spent, said }
        if (writer.open.length > 0) writer.unit(discards(writer.open))
        await calling.sleep(delay, signal).catch(() => {})
        if (signal.aborted) return { unit: null, error: null, spent, said: () => [] }
      }
    }
  } finally {
    bounds.release()
  }
}

function withSpent(unit: readonly Fact[], spent: Usage): readonly Fact[] {
  return unit.map((fact) =>
    fact.type === 'iteration-finished' ? { ...fact, usage: addUsage(fact.usage, spent) } : fact,
  )
}

function errorOf({ kind, message }: ModelFault): DispatchError {
  return { code: kind === 'rejected' ? 'MODEL_REJECTED' : 'MODEL_UNAVAILABLE', message }
}
