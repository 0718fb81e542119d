import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../../kernel/errors.ts'
import { migrations } from './schema.ts'
import type { Statements } from './statements.ts'
import { asFailure, troubleOf } from './store-errors.ts'

/** How the engine's parts use the database. What they pass runs at once and whole: nothing in it may await. */
export interface Database {
  /** For what is called within a command or a read. */
  readonly sql: Statements
  /** All or nothing. Answers once it is kept. Throws UNAVAILABLE, with nothing written, if it cannot be. */
  command<Reply>(work: () => Reply): Promise<Reply>
  /** Sees what is kept, and nothing else. */
  read<Reply>(work: () => Reply): Promise<Reply>
  /** Within a command: `tell` is called once the command is kept, and never if it is not. It must not throw. */
  onceKept(tell: () => void): void
}

export interface GroupCommit extends Database {
  /** The same, but for a caller that waits while the store is away. */
  readonly patient: Database
  /** Rejects while nothing can be written. */
  readiness(): Promise<void>
  /** Commits what has been asked for; from then on every call fails. */
  close(): void
}

interface Command {
  readonly work: () => unknown
  readonly resolve: (reply: never) => void
  readonly reject: (error: unknown) => void
}

/** A longer group would hold up the event loop; what is left forms the next one. */
const longestGroupMs = 8

/** How long a patient caller waits before it asks again. */
const patienceMs = 500

/**
 * All commands of one turn of the event loop share a transaction, and so one sync of the disk. Each is a savepoint: one
 * that throws undoes itself alone. They are answered, and what they publish is told, when the transaction is committed.
 */
export function createGroupCommit(sql: Statements): GroupCommit {
  let waiting: Command[] = []
  /** Why the last group was not kept; null: it was. */
  let trouble: unknown = null
  /** What to tell once the present group is kept. */
  let tellings: (() => void)[] = []
  const closing = new AbortController()

  const flush = () => {
    const group = waiting
    // The close has carried out what this was scheduled for.
    if (group.length === 0) return
    waiting = []
    const answers: (() => void)[] = []
    try {
      sql.run('BEGIN IMMEDIATE')
      const until = performance.now() + longestGroupMs
      while (group.length > answers.length && (answers.length === 0 || performance.now() < until)) {
        // The loop's condition says that there is one.
        answers.push(carryOut(group[answers.length] as Command))
      }
      sql.run('COMMIT')
    } catch (error) {
      undo()
      const reason = asFailure(error)
      trouble = reason
      for (const { reject } of group) reject(reason)
      return
    }
    trouble = null
    waiting = [...group.slice(answers.length), ...waiting]
    if (waiting.length > 0) schedule()
    const told = tellings
    tellings = []
    for (const tell of told) tell()
    for (const answer of answers) answer()
  }
  /** Returns how to answer once it is kept. Throws where the whole group is lost. */
  const carryOut = ({ work, resolve, reject }: Command): (() => void) => {
    const before = tellings.length
    sql.run('SAVEPOINT command')
    try {
      const reply = work()
      sql.run('RELEASE command')
      return () => resolve(reply as never)
    } catch (error) {
      // A full disk may have undone the whole transaction by itself.
      if (troubleOf(error) !== null) throw error
      tellings.length = before
      sql.run('ROLLBACK TO command')
      sql.run('RELEASE command')
      return () => reject(error)
    }
  }
  const undo = () => {
    tellings = []
    try {
      sql.run('ROLLBACK')
    } catch {
      // SQLite has done so by itself.
    }
  }
  const schedule = () => void setImmediate(flush)
  const requireOpen = () => {
    if (closing.signal.aborted) throw new Failure('UNAVAILABLE', 'The store is closed.')
  }

  const database: Database = {
    sql,
    command: async <Reply>(work: () => Reply) => {
      requireOpen()
      return new Promise<Reply>((resolve, reject) => {
        if (waiting.push({ work, resolve, reject }) === 1) schedule()
      })
    },
    read: async (work) => {
      requireOpen()
      try {
        return work()
      } catch (error) {
        throw asFailure(error)
      }
    },
    onceKept: (tell) => void tellings.push(tell),
  }
  const untilCarriedOut = async <Reply>(ask: () => Promise<Reply>): Promise<Reply> => {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof Failure && error.code === 'UNAVAILABLE') || closing.signal.aborted) throw error
        await sleep(patienceMs, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
  }
  return {
    ...database,
    patient: {
      ...database,
      command: (work) => untilCarriedOut(() => database.command(work)),
      read: (work) => untilCarriedOut(() => database.read(work)),
    },
    async readiness() {
      // Only a write shows whether one is possible again.
      if (trouble !== null) await database.command(() => sql.script(`PRAGMA user_version = ${migrations.length}`))
    },
    close() {
      closing.abort()
      while (waiting.length > 0) flush()
    },
  }
}
