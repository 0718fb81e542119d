import { encodeEvent } from '../../../channel/entry-codec.ts'
import { isEnding, isProgress } from '../../../conversation/event-traits.ts'
import { endedStatus } from '../../../conversation/run-status.ts'
import type { Append, Retention } from '../../../dispatch/run-store.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import type { ScriptArgument } from '../connection.ts'
import { encodePending, outcomeOf } from './run-replies.ts'

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
