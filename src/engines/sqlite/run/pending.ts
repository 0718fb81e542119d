import type { AddedMessage } from '../../../dispatch/added-messages.ts'
import { answerWay, type PendingCall, type Settlement, type SettleOutcome } from '../../../dispatch/pending-call.ts'
import { parseJson, stringifyJson } from '../../../kernel/json.ts'
import type { Statements } from '../database/statements.ts'

/** The calls of runs that wait for answers, the digests of the answers and messages that have come, and the tags of raises. Part of a command, or a read. */
export interface Pending {
  /** Returns the bytes that this adds. */
  add(run: number, calls: readonly PendingCall[]): number
  list(run: number): readonly PendingCall[]
  /** How the settlement compares to the answer that the call already has. Null: it has none. */
  answered(run: number, settlement: Settlement): 'repeated' | 'conflict' | null
  /** Why the settlement is not accepted; null: it is. */
  refusal(
    run: number,
    settlement: Settlement,
    now: number,
    isFull: () => boolean,
  ): Exclude<SettleOutcome, 'settled' | 'ended'> | null
  /** The call has its answer. Returns the bytes that it gives back. */
  take(run: number, settlement: Settlement): number
  /** Of a message that was handed to the run; null: none was, by that id. */
  digestOfAdded(run: number, id: string): string | null
  /** The messages are handed to the run. Returns the bytes that this adds. */
  rememberAdded(run: number, messages: readonly AddedMessage[]): number
  /** Whether a raise of the run's limits with this tag has been applied. */
  hasRaised(run: number, tag: string): boolean
  /** Returns the bytes that this adds. */
  rememberRaise(run: number, tag: string): number
  /** No call can be answered any more. Answers that came are still recognised. */
  clear(run: number): void
  /** The run is removed, and its answers with it. */
  forget(run: number): void
}

interface Row {
  readonly json: string
  readonly answer: string | null
}

export function createPending(sql: Statements): Pending {
  const find = (run: number, { callId }: Settlement) =>
    sql.one<Row>('SELECT json, answer FROM pending WHERE run = ? AND call = ?', run, callId)
  // `add` wrote it.
  const decode = ({ json }: Pick<Row, 'json'>) => parseJson(json) as PendingCall

  return {
    add(run, calls) {
      const texts = calls.map((each) => [each.call.id, stringifyJson(each)] as const)
      for (const [id, json] of texts) sql.run('INSERT OR REPLACE INTO pending VALUES (?, ?, ?, NULL)', run, id, json)
      return texts.reduce((sum, [, json]) => sum + Buffer.byteLength(json), 0)
    },
    list: (run) =>
      sql.all<Row>('SELECT json FROM pending WHERE run = ? AND answer IS NULL ORDER BY rowid', run).map(decode),
    answered(run, settlement) {
      const answer = find(run, settlement)?.answer ?? null
      if (answer === null) return null
      return answer === settlement.digest ? 'repeated' : 'conflict'
    },
    refusal(run, settlement, now, isFull) {
      const row = find(run, settlement)
      if (row === null || settlement.facts.length === 0) return 'unknown'
      const waiting = decode(row)
      const { by } = settlement
      const isOver = now >= (waiting.call.deadline ?? 0)
      if (by === 'deadline') return isOver ? null : 'early'
      if (isOver) return 'late'
      if (by !== answerWay(waiting)) return 'other-way'
      return isFull() ? 'full' : null
    },
    take(run, settlement) {
      const bytes = Buffer.byteLength(find(run, settlement)?.json ?? '')
      sql.run(
        `UPDATE pending SET answer = ?, json = '' WHERE run = ? AND call = ?`,
        settlement.digest,
        run,
        settlement.callId,
      )
      return bytes
    },
    digestOfAdded: (run, id) =>
      sql.one<Pick<Row, 'answer'>>('SELECT answer FROM pending WHERE run = ? AND call = ?', run, addedField(id))
        ?.answer ?? null,
    rememberAdded(run, messages) {
      let bytes = 0
      for (const { message, digest } of messages) {
        const field = addedField(message.id)
        sql.run(`INSERT INTO pending VALUES (?, ?, '', ?)`, run, field, digest)
        bytes += Buffer.byteLength(field) + digest.length
      }
      return bytes
    },
    hasRaised: (run, tag) => sql.one('SELECT 1 FROM pending WHERE run = ? AND call = ?', run, raiseField(tag)) !== null,
    rememberRaise(run, tag) {
      const field = raiseField(tag)
      sql.run(`INSERT INTO pending VALUES (?, ?, '', '')`, run, field)
      return Buffer.byteLength(field)
    },
    clear: (run) => void sql.run('DELETE FROM pending WHERE run = ? AND answer IS NULL', run),
    forget: (run) => void sql.run('DELETE FROM pending WHERE run = ?', run),
  }
}

/** No call has such an id. */
function addedField(id: string): string {
  return `m ${id}`
}

/** No call has such an id. */
function raiseField(tag: string): string {
  return `r ${tag}`
}
