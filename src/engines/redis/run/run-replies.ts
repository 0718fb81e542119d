import type { Cancellation } from '../../../conversation/decide.ts'
import type { Ending } from '../../../conversation/event.ts'
import { answerWay, type PendingCall } from '../../../dispatch/pending-call.ts'
import type { AppendReply } from '../../../dispatch/run-store.ts'
import { parseJson, stringifyJson } from '../../../kernel/json.ts'

export function parseCancellation(json: string): Cancellation | null {
  return json === '' ? null : (parseJson(json) as Cancellation)
}

/** The record's field that says how a run ended. A cancelled run has none. */
export function outcomeOf(ending: Ending) {
  switch (ending.type) {
    case 'dispatch-completed':
      return { field: 'result', value: ending.result }
    case 'dispatch-failed':
      return { field: 'error', value: ending.error }
    case 'dispatch-cancelled':
      return null
  }
}

export function encodePending(pending: PendingCall): string {
  return `${answerWay(pending)} ${pending.call.deadline ?? 0} ${stringifyJson(pending)}`
}

export function decodePending(text: string): PendingCall {
  // encodePending wrote it. The JSON begins at the first brace.
  return parseJson(text.slice(text.indexOf('{'))) as PendingCall
}

export function toAppendReply([outcome, last, entries, bytes, cancelled = '', isFull]: readonly string[]): AppendReply {
  if (outcome === 'fenced' || outcome === 'ended' || outcome === 'news') return { outcome }
  return {
    outcome: 'applied',
    last: Number(last),
    own: { entries: Number(entries), bytes: Number(bytes) },
    cancelled: parseCancellation(cancelled),
    isAccountFull: isFull === '1',
  }
}
