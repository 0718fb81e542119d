import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { databaseFile, folderFailure } from './database/folder.ts'
import { openPatienceMs } from './database/open-database.ts'
import { troubleOf } from './database/store-errors.ts'

/**
 * Writes a copy of the database as it is at this moment, also while a server has the folder: one file of this user, whole
 * or not there at all. The copy is a read of its own, so writers neither wait for it nor make it begin again.
 */
export function backUp(folder: string, target: string): void {
  const source = join(folder, databaseFile)
  const draft = `${target}.part`
  const refuse = (problem: string, cause?: unknown) => folderFailure(folder, problem, cause)
  if (!existsSync(source)) throw refuse(`there is no ${databaseFile} to back up.`)
  if (existsSync(target)) throw refuse(`${target} is there already, and a backup replaces nothing.`)
  try {
    rmSync(draft, { force: true })
    closeSync(openSync(draft, 'wx', 0o600))
    copy(source, draft)
    sync(draft)
    renameSync(draft, target)
    sync(dirname(resolve(target)))
  } catch (error) {
    rmSync(draft, { force: true })
    throw refuse(troubleOf(error) ?? (error instanceof Error ? error.message : String(error)), error)
  }
}

function copy(source: string, draft: string): void {
  const db = new DatabaseSync(source, { timeout: openPatienceMs })
  try {
    db.prepare('VACUUM INTO ?').run(draft)
  } finally {
    db.close()
  }
}

function sync(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
