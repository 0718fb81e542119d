import type { Retention as Periods } from '../../../dispatch/run-store.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Logs } from '../channel/log.ts'
import type { Statements } from '../database/statements.ts'
import type { Ledger } from '../limits/ledger.ts'
import type { LineRows } from '../line/line-rows.ts'

export interface RetentionOptions {
  readonly logs: Logs
  readonly lineRows: Pick<LineRows, 'remove'>
  readonly ledger: Ledger
  readonly clock: () => number
  readonly periods: Periods
  /** What all accounts may hold together. */
  readonly maxBytes: number
}

/** Ends what is kept of runs. All of it is part of a command. */
export interface Retention {
  /** While too much is stored, drops the oldest of the account that has most: ended logs, then records. */
  makeRoom(): void
  /** Drops some of what has outlived its retention. True: there may be more. */
  expire(): boolean
}

interface Ended {
  readonly id: number
}

/** How much one command drops at most. */
const batch = 100

/** What is dropped before its time is the account's that has most, so no account pushes out what another has. */
export function createRetention(
  sql: Statements,
  { logs, lineRows, ledger, clock, periods, maxBytes }: RetentionOptions,
): Retention {
  const dropLog = ({ id }: Ended) => {
    logs.removeEntries(id)
    sql.run('UPDATE run SET hasLog = 0 WHERE id = ?', id)
  }
  /** A conversation lives as long as its newest record. */
  const forgetWithoutRecords = ({ id }: Ended) => {
    const record = sql.one(
      `SELECT 1 FROM line JOIN run ON run.account = line.account AND run.conversation = line.conversation
        WHERE line.id = ? LIMIT 1`,
      id,
    )
    if (record === null) lineRows.remove(id)
  }
  const dropRecord = ({ id }: Ended) => {
    const line = sql.one<Ended>(
      `SELECT line.id AS id FROM run JOIN line ON line.account = run.account AND line.conversation = run.conversation
        WHERE run.id = ? AND emptySince IS NOT NULL`,
      id,
    )
    logs.forget(id)
    sql.run('DELETE FROM pending WHERE run = ?', id)
    sql.run('DELETE FROM run WHERE id = ?', id)
    if (line !== null) forgetWithoutRecords(line)
  }
  const oldestLogOf = (account: AccountId) =>
    sql.one<Ended>(
      'SELECT id FROM run WHERE account = ? AND finishedAt IS NOT NULL AND hasLog = 1 ORDER BY finishedAt, id LIMIT 1',
      account,
    )
  const oldestLogOfLargest = () =>
    sql.one<Ended>(
      `SELECT (SELECT id FROM run WHERE run.account = account.account AND finishedAt IS NOT NULL AND hasLog = 1
          ORDER BY finishedAt, id LIMIT 1) AS id
        FROM account WHERE id IS NOT NULL ORDER BY bytes DESC LIMIT 1`,
    )
  const oldestRecordOfLargest = () =>
    sql.one<Ended>(
      `SELECT (SELECT id FROM run WHERE run.account = account.account AND finishedAt IS NOT NULL AND hasLog = 0
          ORDER BY finishedAt, id LIMIT 1) AS id
        FROM account WHERE id IS NOT NULL ORDER BY bytes DESC LIMIT 1`,
    )
  ledger.spareBy((account) => {
    const oldest = oldestLogOf(account)
    if (oldest !== null) dropLog(oldest)
    return oldest !== null
  })

  return {
    makeRoom() {
      for (let dropped = 0; dropped < batch && ledger.total() > maxBytes; dropped++) {
        const log = oldestLogOfLargest()
        const record = log === null ? oldestRecordOfLargest() : null
        if (log !== null) dropLog(log)
        else if (record !== null) dropRecord(record)
        else return
      }
    },
    expire() {
      const before = (seconds: number) => clock() - seconds * 1000
      const oldLogs = sql.all<Ended>(
        'SELECT id FROM run WHERE finishedAt <= ? AND hasLog = 1 AND finishedAt IS NOT NULL ORDER BY finishedAt LIMIT ?',
        before(periods.logSeconds),
        batch,
      )
      const oldRecords = sql.all<Ended>(
        'SELECT id FROM run WHERE finishedAt <= ? AND hasLog = 0 AND finishedAt IS NOT NULL ORDER BY finishedAt LIMIT ?',
        before(periods.recordSeconds),
        batch,
      )
      const emptyLines = sql.all<Ended>(
        'SELECT id FROM line WHERE emptySince <= ? AND emptySince IS NOT NULL ORDER BY emptySince LIMIT ?',
        before(periods.recordSeconds),
        batch,
      )
      oldLogs.forEach(dropLog)
      oldRecords.forEach(dropRecord)
      for (const { id } of emptyLines) lineRows.remove(id)
      return [oldLogs, oldRecords, emptyLines].some(({ length }) => length === batch)
    },
  }
}
