import { isRecord } from '../kernel/json.ts'
import { answerFacts } from './activity.ts'
import type { Fact } from './event.ts'
import type { CallOutcome } from './fold.ts'
import type { FunctionCall } from './function.ts'

/**
 * The answer to an ability's call that waits is a person's verdict. Approved, the call is requested once more, and a worker carries it
 * out. Whatever is not plainly a yes fails the call, and the model reads why.
 */
export function verdictFacts(call: FunctionCall, verdict: CallOutcome, messageId: string): readonly Fact[] {
  if (isYes(verdict)) {
    const approved = { ...call, deadline: null }
    return [{ type: 'function-call-requested', call: approved, providerCallId: '', problem: null }]
  }
  return answerFacts(call, verdict.kind === 'failed' ? verdict : denied(verdict.data), messageId)
}

function isYes(verdict: CallOutcome): boolean {
  return verdict.kind === 'completed' && isRecord(verdict.data) && verdict.data['approved'] === true
}

/** Characters of a reason that the model reads. */
const longestReason = 2000

function denied(data: unknown): CallOutcome {
  const reason = isRecord(data) && typeof data['reason'] === 'string' ? data['reason'].trim() : ''
  const message = reason === '' ? 'The user denied this call.' : `The user denied this call: ${reason}`
  return { kind: 'failed', error: { code: 'FAILED', message: message.slice(0, longestReason) } }
}
