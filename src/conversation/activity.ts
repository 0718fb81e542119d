import type { Fact } from './event.ts'
import type { CallOutcome } from './fold.ts'
import type { FunctionCall } from './function.ts'
import type { Activity, Message } from './message.ts'

/** A function call as a message of the conversation, for clients and for dispatches that continue this one. */
export function requestMessage(call: FunctionCall, messageId: string): Message {
  return activityMessage(messageId, {
    type: 'request',
    id: call.id,
    function: { name: call.name, arguments: call.arguments },
  })
}

/** The outcome of a call as one unit: its fact and its message. */
export function answerFacts(call: FunctionCall, outcome: CallOutcome, messageId: string): readonly Fact[] {
  const response = activityMessage(messageId, {
    type: 'response',
    id: call.id,
    function: { name: call.name, arguments: call.arguments, result: resultOf(outcome) },
  })
  const fact: Fact =
    outcome.kind === 'completed'
      ? { type: 'function-call-completed', call, data: outcome.data }
      : { type: 'function-call-failed', call, error: outcome.error }
  return [fact, { type: 'message-completed', message: response }]
}

/** An answer as a model reads it. A failure is an object with an `error`. */
export function resultOf(outcome: CallOutcome): unknown {
  return outcome.kind === 'completed' ? outcome.data : { error: outcome.error.message }
}

function activityMessage(id: string, activity: Activity): Message {
  return { id, type: 'activity', text: '', meta: { activity } }
}
