import type { Cancellation } from '../../../conversation/decide.ts'
import type { ChannelEvent, Ending } from '../../../conversation/event.ts'
import type { PausedBy } from '../../../conversation/limits.ts'
import type { Usage } from '../../../conversation/usage.ts'
import type { Run } from '../../../dispatch/run.ts'
import type { ChannelKey, ConversationId } from '../../../kernel/ids.ts'
import { parseJson, stringifyJson } from '../../../kernel/json.ts'
import type { LogRow } from '../channel/log.ts'
import type { Statements } from '../database/statements.ts'

/** A run's control record, as the database has it. JSON: cancelled, outcome (`{result}` or `{error}`), paused, usage. */
export interface RunRow
  extends Omit<Run, 'key' | 'turn' | 'meta' | 'result' | 'error' | 'usage' | 'paused' | 'isPriced' | 'position'> {
  readonly id: number
  readonly claim: string | null
  readonly seq: number
  readonly lost: number
  /** Ids of unfinished messages, separated by commas. */
  readonly open: string
  readonly cancelled: string | null
  readonly outcome: string
  readonly usage: string
  readonly bytes: number
  readonly conversation: ConversationId | null
  readonly ticket: string | null
  readonly isHeld: number
  /** The endpoint that alone is told; null: every one. */
  readonly webhookId: string | null
  /** JSON. */
  readonly meta: string | null
  /** Messages that were handed to the run, and how many of them had come when the last iteration began. */
  readonly added: number
  readonly heard: number
  readonly isPriced: number
  readonly paused: string | null
  /** When it came into its state; of a queued run, when it can begin. In ms since 1970. */
  readonly since: number
}

/** A run and its log. */
export interface Loaded {
  readonly run: RunRow
  readonly log: LogRow
}

const columns =
  'id, status, wake, attempts, claim, seq, lost, open, cancelled, digest, model, botId, contactId, priority, notBefore, createdAt, startedAt, finishedAt, outcome, usage, bytes, conversation, ticket, isHeld, webhookId, meta, added, heard, isPriced, paused, since'

/** What a record costs beside its texts, about. */
export const recordBytes = 500

export function loadRun(sql: Statements, log: LogRow): RunRow | null {
  return sql.one<RunRow>(`SELECT ${columns} FROM run WHERE id = ?`, log.id)
}

/** Writes what changes while a run goes on. */
export function saveRun(sql: Statements, run: RunRow): void {
  const {
    id,
    status,
    wake,
    attempts,
    claim,
    seq,
    lost,
    open,
    cancelled,
    startedAt,
    usage,
    bytes,
    isHeld,
    added,
    heard,
    paused,
    since,
  } = run
  sql.run(
    `UPDATE run SET status = ?, wake = ?, attempts = ?, claim = ?, seq = ?, lost = ?, open = ?, cancelled = ?, startedAt = ?,
      usage = ?, bytes = ?, isHeld = ?, added = ?, heard = ?, paused = ?, since = ? WHERE id = ?`,
    ...[status, wake, attempts, claim, seq, lost, open, cancelled, startedAt, usage, bytes, isHeld, added, heard],
    ...[paused, since, id],
  )
}

/** The record, and what waits for it, or on its channel. */
export function removeRun(sql: Statements, key: ChannelKey, { id }: Pick<RunRow, 'id'>): void {
  const place = [key.account, key.channel]
  sql.run('DELETE FROM run WHERE id = ?', id)
  sql.run('DELETE FROM due WHERE account = ? AND channel = ?', ...place)
  sql.run('DELETE FROM waiter WHERE account = ? AND channel = ?', ...place)
  sql.run('DELETE FROM message WHERE account = ? AND channel = ?', ...place)
}

export function toRun(key: ChannelKey, run: RunRow, { epoch, last, tag }: LogRow): Run {
  const { status, wake, attempts, digest, model, botId, contactId, priority, notBefore } = run
  const { createdAt, startedAt, finishedAt, conversation, ticket, isHeld } = run
  return {
    ...{ key, status, wake, attempts, digest, model, botId, contactId, priority, notBefore },
    ...{ createdAt, startedAt, finishedAt },
    turn: conversation === null ? null : { conversation, ticket: ticket ?? '', isHeld: isHeld === 1 },
    // createRun wrote it.
    meta: run.meta === null ? null : (parseJson(run.meta) as Run['meta']),
    result: null,
    error: null,
    // encodeOutcome wrote it.
    ...(parseJson(run.outcome) as Partial<Pick<Run, 'result' | 'error'>>),
    usage: usageOf(run),
    paused: pausedOf(run),
    isPriced: run.isPriced === 1,
    position: { epoch, offset: last, tag },
  }
}

export function encodeOutcome(ending: Ending): string {
  switch (ending.type) {
    case 'dispatch-completed':
      return stringifyJson({ result: ending.result })
    case 'dispatch-failed':
      return stringifyJson({ error: ending.error })
    case 'dispatch-cancelled':
      return '{}'
  }
}

export function usageOf({ usage }: RunRow): Usage {
  // The run store wrote it.
  return parseJson(usage) as Usage
}

export function pausedOf({ paused }: RunRow): PausedBy | null {
  // The run store wrote it.
  return paused === null ? null : (parseJson(paused) as PausedBy)
}

export function cancellationOf({ cancelled }: RunRow): Cancellation | null {
  // The run store wrote it.
  return cancelled === null ? null : (parseJson(cancelled) as Cancellation)
}

export function openOf({ open }: RunRow): readonly string[] {
  return open === '' ? [] : open.split(',')
}

export function discardsOf(run: RunRow): readonly ChannelEvent[] {
  return openOf(run).map((messageId) => ({ type: 'message-discarded', messageId }))
}
