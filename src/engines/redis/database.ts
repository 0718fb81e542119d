import { type Redis, ReplyError } from 'ioredis'

/**
 * Uses no other database than its own. ioredis goes on in database 0 when Redis refuses the one that it was given: at the
 * start, and at each reconnection, which may lead to another server. BullMQ duplicates its connection.
 */
export function keepingItsDatabase(redis: Redis): Redis {
  redis.on('error', (error: unknown) => {
    if (isRefusedSelect(error)) redis.disconnect(true)
  })
  const duplicate = redis.duplicate.bind(redis)
  redis.duplicate = (override) => keepingItsDatabase(duplicate(override))
  return redis
}

export function isRefusedSelect(error: unknown): error is Error {
  if (!(error instanceof ReplyError)) return false
  // ioredis adds the command, which the type does not know.
  const { command } = error as Error & { readonly command?: { readonly name?: string } }
  return command?.name?.toLowerCase() === 'select'
}

/** For the one who starts the process. */
export function refusedSelect({ message }: Error, database: number | undefined): string {
  if (message.startsWith('NOPERM')) return 'the user lacks the command SELECT; ACL rule: +select.'
  return `Redis has no database ${database}: ${message}.`
}
