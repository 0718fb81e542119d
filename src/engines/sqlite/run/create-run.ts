import { encodeEvent } from '../../../channel/entry-codec.ts'
import { noUsage } from '../../../conversation/usage.ts'
import { logIsTooSmall } from '../../../dispatch/limits/stored-bytes.ts'
import type { Creation, NewRun } from '../../../dispatch/run-store.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import { storedQueued } from '../../transcript.ts'
import type { Statements } from '../database/statements.ts'
import { bringForward } from '../schedule/due-list.ts'
import type { RunStoreParts } from './run-parts.ts'
import { loadRun, recordBytes } from './run-row.ts'

type CreationParts = Pick<
  RunStoreParts,
  'logs' | 'channels' | 'transcripts' | 'ledger' | 'retention' | 'clock' | 'limits'
>

/** Record, request, first event, transcript and due entry: part of one command, so there is either all of it or nothing. */
export function createRun(
  sql: Statements,
  parts: CreationParts,
  key: ChannelKey,
  input: NewRun,
): Creation['outcome'] | 'late' {
  const { logs, channels, transcripts, ledger, retention, clock, limits } = parts
  retention.makeRoom()
  const before = logs.find(key)
  const existing = before === null ? null : loadRun(sql, before)
  if (existing !== null) return existing.digest === input.digest ? 'exists' : 'conflict'
  const { turn } = input
  if (turn !== undefined && clock() > turn.createBy) return 'late'
  const transcript = transcripts.placeFor(key, input)
  const queued = encodeEvent(storedQueued(input, transcript?.place ?? null))
  const request = stringifyJson(input.request)
  const size = Buffer.byteLength(queued.payload)
  if (size + (transcript?.bytes ?? 0) > limits.maxBytes) throw logIsTooSmall(limits)
  const meta = input.meta == null ? null : stringifyJson(input.meta)
  const bytes = recordBytes + Buffer.byteLength(request) + Buffer.byteLength(meta ?? '')
  ledger.requireRoom(key.account, bytes + size + (transcript?.growth ?? 0))
  const log = logs.open(key, input.epoch)
  transcript?.commit(log.id)
  // From now on the log is kept as long as its run's.
  if (before !== null) sql.run('UPDATE log SET publishedAt = NULL WHERE id = ?', log.id)
  sql.run(
    `INSERT INTO run VALUES (?, ?, ?, 'queued', 1, 0, NULL, 0, 0, '', NULL, ?, ?, ?, ?, ?, ?, NULL, NULL, '{}', ?, 1, 1, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, NULL, ?)`,
    ...[log.id, key.account, key.channel, input.digest, input.request.model, input.botId, input.contactId],
    ...[input.notBefore, input.createdAt, stringifyJson(noUsage), bytes],
    ...[turn?.conversation ?? null, turn?.ticket ?? null, turn === undefined ? 0 : 1],
    ...[input.webhookId ?? null, meta, input.priority ?? 0, input.request.price === undefined ? 0 : 1],
    Math.max(clock(), input.notBefore ?? 0),
  )
  sql.run('INSERT INTO request VALUES (?, ?)', log.id, request)
  channels.append(key, log, { tag: input.tag, events: [queued] })
  bringForward(sql, key, input.lookAt)
  return 'created'
}
