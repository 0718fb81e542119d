import type { CallOutcome } from '../conversation/fold.ts'
import type { Message } from './result-channel.ts'

/**
 * Reads a message on a call's channel as an answer. The first that applies: a truthy `abort` stops the whole run, a truthy
 * `error` fails the call, `result` is the answer, or else the whole message is the answer.
 */
export function interpretMessage(message: Message): CallOutcome {
  const { abort, error } = message
  if (abort) {
    const reason = typeof abort === 'string' ? abort : 'The answer asked to stop the run.'
    return { kind: 'failed', error: { code: 'ABORTED', message: reason } }
  }
  if (error) {
    return {
      kind: 'failed',
      error: { code: 'FAILED', message: typeof error === 'string' ? error : 'Unknown error occurred' },
    }
  }
  return { kind: 'completed', data: Object.hasOwn(message, 'result') ? message['result'] : message }
}
