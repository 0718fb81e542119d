import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { databaseFile, type Folder, folderFailure } from './folder.ts'
import { createGroupCommit, type GroupCommit } from './group-commit.ts'
import { migrations } from './schema.ts'
import { createStatements, type Statements } from './statements.ts'
import { troubleOf } from './store-errors.ts'

export interface OpenedDatabase extends GroupCommit {
  /** The database's file; null: it is in memory. */
  readonly file: string | null
  /** Commits what has been asked for, and writes all into the one file. */
  close(): void
}

/** A backup that begins just after a kill recovers the file; until it has, nobody else opens it. */
export const openPatienceMs = 5000

/** Marks a file as ours: "bchn". */
const applicationId = 0x6263686e

/** @param folder null: in memory. Throws what the user is to read, in one line. */
export function openDatabase(folder: Folder | null): OpenedDatabase {
  const file = folder === null ? null : join(folder.path, databaseFile)
  let db: DatabaseSync | null = null
  try {
    db = new DatabaseSync(file ?? ':memory:', { enableForeignKeyConstraints: false, timeout: openPatienceMs })
    const sql = createStatements(db)
    prepare(sql, file)
    // From now on a wait would hold up the event loop.
    sql.script('PRAGMA busy_timeout = 0')
    const database = createGroupCommit(sql)
    return {
      ...database,
      file,
      close() {
        database.close()
        if (file !== null) sql.script('PRAGMA wal_checkpoint(TRUNCATE)')
        db?.close()
      },
    }
  } catch (error) {
    db?.close()
    if (folder === null) throw error
    const problem = error instanceof Unusable ? error.message : troubleOf(error)
    throw problem === null ? error : folderFailure(folder.path, `${databaseFile}: ${problem}`, error)
  }
}

/** What is wrong with a file that SQLite itself can read. */
class Unusable extends Error {}

function prepare(sql: Statements, file: string | null): void {
  const pragma = (name: string) => Object.values(sql.one<Record<string, unknown>>(`PRAGMA ${name}`) ?? {})[0]
  if (pragma('page_count') === 0) {
    // Before anything else: SQLite ignores it later without a word.
    sql.script(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${applicationId}`)
  }
  if (pragma('application_id') !== applicationId) throw new Unusable('It is not a database of Backchannel.')
  const mode = pragma(file === null ? 'journal_mode' : 'journal_mode = WAL')
  if (file !== null && mode !== 'wal') throw new Unusable(`Its disk allows no write-ahead log (${mode}).`)
  sql.script('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 16000000')
  if (file !== null) {
    const found = pragma('quick_check(1)')
    if (found !== 'ok') throw new Unusable(`The database file is damaged: ${found}. Restore a backup.`)
  }
  migrate(sql, Number(pragma('user_version')))
  if (pragma('auto_vacuum') !== incremental) throw new Unusable('It was made without incremental auto-vacuum.')
}

const incremental = 2

/** All steps in one transaction: a file has seen all of them, or none. */
function migrate(sql: Statements, version: number): void {
  if (version > migrations.length) {
    throw new Unusable(`A newer release wrote it (schema ${version}; this release knows up to ${migrations.length}).`)
  }
  if (version === migrations.length) return
  const steps = migrations.slice(version).join('\n')
  sql.script(`BEGIN IMMEDIATE; ${steps}; PRAGMA user_version = ${migrations.length}; COMMIT`)
}
