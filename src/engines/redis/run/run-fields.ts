import type { DispatchError, DispatchResult } from '../../../conversation/event.ts'
import type { LimitKind, PausedBy } from '../../../conversation/limits.ts'
import type { RunStatus } from '../../../conversation/run-status.ts'
import { noUsage, type Usage } from '../../../conversation/usage.ts'
import { needsNewerWorker } from '../../../dispatch/parking.ts'
import type { Run } from '../../../dispatch/run.ts'
import type { NewRun } from '../../../dispatch/run-store.ts'
import type { ChannelKey, ConversationId } from '../../../kernel/ids.ts'
import { parseJson } from '../../../kernel/json.ts'

/** The control record, from its hash and `epoch, last, tag` of its head. Null: there is none. */
export function decodeRun(
  key: ChannelKey,
  fields: Readonly<Record<string, string>>,
  [epoch, last, tag]: readonly (string | null)[],
): Run | null {
  const { status, wake, attempt, digest, model, notBefore, createdAt, startedAt, finishedAt } = fields
  if (status === undefined || digest === undefined || model === undefined) return null
  const isHeld = status === 'held'
  const { conversation, ticket = '' } = fields
  return {
    key,
    // The scripts beside this file write no other status.
    status: isHeld ? 'queued' : (status.replace(/\+$/, '') as RunStatus),
    wake: Number(wake),
    attempts: Number(attempt),
    digest,
    model,
    botId: fields['botId'] || null,
    contactId: fields['contactId'] || null,
    // create.lua wrote it.
    meta: fields['meta'] === undefined ? null : (parseJson(fields['meta']) as Run['meta']),
    turn: conversation === undefined ? null : { conversation: conversation as ConversationId, ticket, isHeld },
    priority: Number(fields['priority'] ?? 0),
    notBefore: toTime(notBefore),
    createdAt: Number(createdAt),
    startedAt: toTime(startedAt),
    finishedAt: toTime(finishedAt),
    result: parse<DispatchResult>(fields['result']),
    error: parse<DispatchError>(fields['error']),
    usage: parse<Usage>(fields['usage']) ?? noUsage,
    paused: decodePaused(fields['paused']),
    isPriced: fields['priced'] === '1',
    position: { epoch: epoch ?? '', offset: Number(last ?? 0), tag: tag ?? '' },
  }
}

/** The control record that `create.lua` has just written. */
export function queuedRun(key: ChannelKey, input: NewRun, [epoch, offset]: readonly [string, number]): Run {
  const { digest, request, botId, contactId, priority = 0, notBefore, createdAt, turn, tag } = input
  return {
    key,
    status: 'queued',
    wake: 1,
    attempts: 0,
    digest,
    model: request.model,
    botId: botId || null,
    contactId: contactId || null,
    meta: input.meta ?? null,
    turn: turn === undefined ? null : { conversation: turn.conversation, ticket: turn.ticket, isHeld: true },
    priority,
    notBefore,
    createdAt,
    startedAt: null,
    finishedAt: null,
    result: null,
    error: null,
    usage: noUsage,
    paused: null,
    isPriced: request.price !== undefined,
    position: { epoch, offset, tag },
  }
}

/** Fields of a new record that most runs do without, each with its value. `newer`: no worker of an earlier release may have it. */
export function moreFields({ request }: NewRun): readonly string[] {
  return [...(needsNewerWorker(request) ? ['newer', '1'] : []), ...(request.price === undefined ? [] : ['priced', '1'])]
}

/** As raise.lua reads and writes it. */
export function encodePaused({ kind, used, allowed, until }: PausedBy): string {
  return `${kind} ${used} ${allowed} ${until}`
}

function decodePaused(text: string | undefined): PausedBy | null {
  if (text === undefined) return null
  const [kind, used, allowed, until] = text.split(' ')
  // encodePaused wrote it.
  return { kind: kind as LimitKind, used: Number(used), allowed: Number(allowed), until: Number(until) }
}

/** A hash as scripts return it: field, value, field, value. */
export function fieldsOfHash(flat: readonly string[]): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? ''
  return fields
}

function toTime(text: string | undefined): number | null {
  return text === undefined || text === '' ? null : Number(text)
}

function parse<Value>(json: string | undefined): Value | null {
  return json === undefined ? null : (JSON.parse(json) as Value)
}
