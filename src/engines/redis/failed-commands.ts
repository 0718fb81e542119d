import type { Redis } from 'ioredis'

/**
 * Sends no command whose caller has been told that it failed. ioredis leaves a command that timed out in its queue and sends it again
 * after a reconnection (see findings): late, and over what others have written meanwhile.
 */
export function forgettingFailedCommands(redis: Redis): Redis {
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command, stream) => (command.isSettled ? command.promise : send(command, stream))
  return redis
}
