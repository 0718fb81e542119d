import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Failure } from '../../../kernel/errors.ts'
import { troubleOf } from './store-errors.ts'

/** A folder that this process alone uses, until it exits in whatever way. */
export interface Folder {
  readonly path: string
  /** Gives the folder to the next process. */
  close(): void
}

/** Where the database is, in the folder. */
export const databaseFile = 'backchannel.db'

/** Makes the folder, for this user alone. Throws what the user is to read, in one line. */
export function openFolder(path: string): Folder {
  const problem = folderProblem(path)
  if (problem !== null) throw new Failure('UNAVAILABLE', problem)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    makePrivate(join(path, databaseFile))
  } catch (error) {
    throw folderFailure(path, error instanceof Error ? error.message : String(error), error)
  }
  const lock = lockFolder(path)
  return { path, close: () => lock.close() }
}

/** What keeps this user from having its data there, in one line; null: nothing. It writes nothing. */
export function folderProblem(path: string): string | null {
  const whole = resolve(path)
  const there = nearestThere(whole)
  const words = (problem: string) => `DATA_DIR ${path}: ${problem}; name another folder.`
  if (!statSync(there).isDirectory()) return words(there === whole ? 'it is no folder' : `${there} is no folder`)
  try {
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK)
    return null
  } catch {
    return words(`this user may not write in ${there}`)
  }
}

/** The path itself, or the first above it that exists. */
function nearestThere(path: string): string {
  const parent = dirname(path)
  return parent === path || existsSync(path) ? path : nearestThere(parent)
}

/** What is wrong with the folder, for whoever starts the process. */
export function folderFailure(path: string, problem: string, cause?: unknown): Failure {
  return new Failure('UNAVAILABLE', `DATA_DIR ${path}: ${problem.replaceAll('\n', ' ')}`, { cause })
}

/** SQLite gives its `-wal` and `-shm` files the rights of the database. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

/** The operating system holds SQLite's lock, so that of a process that died is gone, too. */
function lockFolder(path: string): DatabaseSync {
  const file = join(path, 'lock')
  try {
    makePrivate(file)
    const lock = new DatabaseSync(file)
    try {
      lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
      return lock
    } catch (error) {
      lock.close()
      throw error
    }
  } catch (error) {
    const isHeld = error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
    const problem = isHeld
      ? 'another process uses this folder; each needs a folder of its own, or Redis (REDIS_URL).'
      : (troubleOf(error) ?? (error instanceof Error ? error.message : String(error)))
    throw folderFailure(path, problem, error)
  }
}

const sqliteBusy = 5
