import { statSync } from 'node:fs'
import type { OpenedDatabase } from './open-database.ts'

export interface UpkeepOptions {
  /** Part of a command: drops some of what has outlived its retention. True: there may be more. */
  readonly expire: () => boolean
  readonly onError: (error: unknown) => void
}

export interface Upkeep {
  /** Carries out now what is due. For tests, which have no interval to wait for. */
  once(): Promise<void>
  close(): void
}

const expireEveryMs = 1000
const checkpointEveryMs = 100
/** The log that is written ahead: beyond this it is carried over into the database, and begins anew. */
const largestWalBytes = 4_000_000
/** Entries that one command deletes, and free pages that are given back at once: each some milliseconds. */
const entriesAtOnce = 2000
const pagesAtOnce = 256
/** Free pages that stay for what is written next. */
const sparePages = 1024

/** What no command waits for: retention, removed entries, space that is given back, checkpoints. */
export function startUpkeep(database: OpenedDatabase, { expire, onError }: UpkeepOptions): Upkeep {
  const { sql, command, file } = database

  /** Part of a command. True: there may be more. */
  const collectGarbage = (): boolean => {
    const log = sql.one<{ log: number }>('SELECT log FROM garbage LIMIT 1')?.log
    if (log === undefined) return false
    const deleted = sql.run(
      'DELETE FROM entry WHERE log = ? AND offset IN (SELECT offset FROM entry WHERE log = ? LIMIT ?)',
      ...[log, log, entriesAtOnce],
    )
    if (deleted < entriesAtOnce) sql.run('DELETE FROM garbage WHERE log = ?', log)
    return true
  }
  const giveBack = () => {
    const free = Number(sql.one<{ freelist_count: number }>('PRAGMA freelist_count')?.freelist_count)
    // By `script`: otherwise SQLite frees a single page.
    if (free > sparePages) sql.script(`PRAGMA incremental_vacuum(${pagesAtOnce})`)
    return free > sparePages + pagesAtOnce
  }
  const repeat = async (step: () => boolean) => {
    while (!isClosed && (await command(step)));
  }
  const once = async () => {
    await repeat(expire)
    await repeat(collectGarbage)
    await repeat(giveBack)
  }
  /** Between two groups, so no reader of ours holds it up. A PASSIVE one never waits. */
  const checkpoint = () => {
    if (file === null) return
    try {
      if (statSync(`${file}-wal`).size > largestWalBytes) sql.script('PRAGMA wal_checkpoint(PASSIVE)')
    } catch (error) {
      onError(error)
    }
  }

  let isClosed = false
  let isBusy = false
  const expiring = setInterval(() => {
    if (isBusy) return
    isBusy = true
    once()
      .catch(onError)
      .finally(() => {
        isBusy = false
      })
  }, expireEveryMs).unref()
  const checking = setInterval(checkpoint, checkpointEveryMs).unref()

  return {
    once,
    close() {
      isClosed = true
      clearInterval(expiring)
      clearInterval(checking)
    },
  }
}
