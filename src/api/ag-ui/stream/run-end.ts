import type { Ending } from '../../../conversation/event.ts'
import type { FunctionCall } from '../../../conversation/function.ts'
import type { Usage } from '../../../conversation/usage.ts'
import type { Run } from '../../../dispatch/run.ts'
import type { AgUiEvent, RunIds } from './event.ts'

interface EndOptions {
  readonly ids: RunIds
  /** As the dispatch has it: `provider:name/settings`. */
  readonly model: string
  /** The calls that are left to the client. */
  readonly left: readonly string[]
}

/** The last event of an AG-UI run whose dispatch has ended. `usage` is that of the whole dispatch. */
export function runEnd(ending: Ending, { ids, model, left }: EndOptions): AgUiEvent {
  const usage = [usageOf(ending.usage, model)]
  switch (ending.type) {
    case 'dispatch-completed': {
      const outcome = success(ending.result.finishReason === 'activity' ? left : [])
      return { type: 'RUN_FINISHED', ...ids, result: ending.result, outcome, usage }
    }
    case 'dispatch-cancelled':
      return { type: 'RUN_FINISHED', ...ids, outcome: { type: 'cancelled' }, usage }
    case 'dispatch-failed': {
      const { message, code } = ending.error
      return { type: 'RUN_ERROR', message, code, usage }
    }
  }
}

/** The same from the record, which is kept longer than the log. Null: the run has not ended. */
export function runEndOf(run: Run, ids: RunIds): AgUiEvent | null {
  const { result, error, usage, model } = run
  const options = { ids, model, left: [] }
  if (run.status === 'cancelled') return runEnd({ type: 'dispatch-cancelled', reason: null, usage }, options)
  if (error !== null) return runEnd({ type: 'dispatch-failed', error, usage }, options)
  return result === null ? null : runEnd({ type: 'dispatch-completed', result, usage }, options)
}

/** The last event of an AG-UI run whose dispatch waits for answers. */
export function runInterrupted(asked: readonly FunctionCall[], ids: RunIds): AgUiEvent {
  const interrupts = asked.map(({ id, name, answer, deadline }) => ({
    id,
    ...(answer === 'ability' ? approvalOf(name) : { reason: 'tool_call', message: `${name} waits for its result.` }),
    toolCallId: id,
    ...(deadline !== null && { expiresAt: new Date(deadline).toISOString() }),
  }))
  return { type: 'RUN_FINISHED', ...ids, outcome: { type: 'interrupt', interrupts } }
}

function approvalOf(name: string) {
  const properties = { approved: { type: 'boolean' }, reason: { type: 'string' } }
  return {
    reason: 'confirmation',
    message: `${name} waits to be approved.`,
    responseSchema: { type: 'object', properties, required: ['approved'] },
  }
}

/** The last event of an AG-UI run that had nothing to do. */
export function runIdle(ids: RunIds, left: readonly string[]): AgUiEvent {
  return { type: 'RUN_FINISHED', ...ids, outcome: success(left) }
}

function success(left: readonly string[]) {
  return { type: 'success', ...(left.length > 0 && { pendingToolCallIds: left }) }
}

function usageOf(usage: Usage, model: string) {
  const { inputTokens, outputTokens, totalTokens, reasoningTokens, cachedInputTokens } = usage
  const colon = model.indexOf(':')
  const [name = ''] = model.slice(colon + 1).split('/')
  return {
    ...(colon > 0 && { provider: model.slice(0, colon) }),
    ...(name !== '' && { model: name.replaceAll(/%2f/gi, '/') }),
    ...{ inputTokens, outputTokens, totalTokens, reasoningTokens, cachedInputTokens },
  }
}
