import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { RedisServer } from './redis-server.ts'

/** Where the writes of a running server stand, in their order. */
function appendOnlyFileOf({ dir }: Pick<RedisServer, 'dir'>): string {
  const folder = join(dir, 'appendonlydir')
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.incr.aof')) ?? '')
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
