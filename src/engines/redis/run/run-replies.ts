import { encodeEvent } from '../../../channel/entry-codec.ts'
import type { Cancellation } from '../../../conversation/decide.ts'
import type { Ending } from '../../../conversation/event.ts'
import { isEnding, isProgress } from '../../../conversation/event-traits.ts'
import { endedStatus } from '../../../conversation/run-status.ts'
import { answerWay, type PendingCall } from '../../../dispatch/pending-call.ts'
import type { Append, AppendReply, Retention } from '../../../dispatch/run-store.ts'
import { parseJson, stringifyJson } from '../../../kernel/json.ts'
import type { ScriptArgument } from '../connection.ts'

/** What `append-run.lua` takes. */
export function appendArguments(
  { claim, seq, tag, events, open, usage, read, heard, awaits = [] }: Append,
  { logSeconds, recordSeconds }: Retention,
  accountBytes: number,
): readonly ScriptArgument[] {
  const ending = events.find(isEnding) ?? null
  const outcome = ending === null ? null : outcomeOf(ending)
  return [
    claim,
    seq,
    tag,
    events.some(isProgress) ? 1 : 0,
    open.join(','),
    usage === undefined ? '' : stringifyJson(usage),
    ending === null ? '' : endedStatus[ending.type],
    outcome?.field ?? '',
    outcome === null ? '' : stringifyJson(outcome.value),
    logSeconds,
    recordSeconds,
    read === undefined ? '' : `${read.offset} ${read.tag}`,
    accountBytes,
    heard ?? '',
    events.some(({ type }) => type === 'iteration-started') ? 1 : 0,
    awaits.length,
    ...awaits.flatMap((pending) => [pending.call.id, encodePending(pending)]),
    ...events.map(encodeEvent).flatMap(({ kind, payload }) => [kind, payload]),
  ]
}

export function parseCancellation(json: string): Cancellation | null {
  return json === '' ? null : (parseJson(json) as Cancellation)
}

/** The record's field that says how a run ended. A cancelled run has none. */
function outcomeOf(ending: Ending) {
  switch (ending.type) {
    case 'dispatch-completed':
      return { field: 'result', value: ending.result }
    case 'dispatch-failed':
      return { field: 'error', value: ending.error }
    case 'dispatch-cancelled':
      return null
  }
}

function encodePending(pending: PendingCall): string {
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
