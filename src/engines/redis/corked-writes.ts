import type { Redis } from 'ioredis'

/**
 * With more commands than this under way, replies wait for Redis and not for us: a write that is held back until the end of the loop turn
 * delays no one noticeably.
 */
const manyUnderWay = 24

/**
 * While many commands are under way, sends those of one turn of the event loop in one write to the socket. ioredis writes each command
 * by itself, and a system call costs more than most commands.
 */
export function corkingWrites(redis: Redis): Redis {
  const send = redis.sendCommand.bind(redis)
  let isCorked = false
  redis.sendCommand = (command, stream) => {
    const { stream: socket, commandQueue } = redis
    if (!isCorked && commandQueue.length >= manyUnderWay) {
      isCorked = true
      socket.cork()
      setImmediate(() => {
        isCorked = false
        socket.uncork()
      })
    }
    return send(command, stream)
  }
  return redis
}
