import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { RedisServer } from './redis-server.ts'

/** Where the writes of a running server stand, in their order. */
function appendOnlyFileOf({ dir }: Pick<RedisServer, 'dir'>): string {
  const folder = join(dir, 'appendonlydir')
  const files = readdirSync(folder).filter((name) => name.endsWith('.incr.aof'))
  // A rewrite leaves the last one to be written to.
  return join(folder, files.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? '')
}

/** Makes Redis die, and come back as it was before the first transaction or script that wrote `words`. */
export async function loseFrom(redis: RedisServer, words: string): Promise<void> {
  await redis.kill('SIGKILL')
  const file = appendOnlyFileOf(redis)
  const written = readFileSync(file)
  const at = written.indexOf(words)
  if (at === -1) throw new Error(`Nothing has written ${words}.`)
  truncateSync(file, written.lastIndexOf('*1\r\n$5\r\nMULTI\r\n', at))
  await redis.restart()
}

export interface Loss {
  /** How much is lost at the least. */
  readonly bytes: number
  /** Redis is dead, and has not come back yet. */
  readonly onLoss: () => void
}

/**
 * Makes Redis die, and come back without its last writes. They are cut off as `redis-check-aof --fix` does it, after a whole
 * transaction: Redis itself leaves the beginning of one that is torn in the file, and carries it out at the next start.
 */
export async function loseLast(redis: RedisServer, { bytes, onLoss }: Loss): Promise<void> {
  await redis.kill('SIGKILL')
  const file = appendOnlyFileOf(redis)
  const written = readFileSync(file)
  const ending = '*1\r\n$4\r\nEXEC\r\n'
  const at = written.lastIndexOf(ending, Math.max(0, written.length - bytes - ending.length))
  truncateSync(file, at === -1 ? 0 : at + ending.length)
  onLoss()
  await redis.restart()
}
