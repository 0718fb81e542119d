import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccountId } from '../kernel/ids.ts'

/** What one account may have in request bodies in a process at once, as a multiple of the largest that is taken. */
const bodiesPerAccount = 4

/** What has room, until it closes. */
type Holder = Pick<EventEmitter, 'once' | 'off'> & { readonly closed: boolean }

/** A body is read only while there is room for it; until then it stays with its client, who sees a connection that is slow. */
export interface BodyRoom {
  /**
   * Resolves when there is room for the whole body, in the order of the calls of an account, or when the connection closes. The
   * room is given back when the response closes. The function gives back before what the body, once read, does not need.
   */
  enter(request: IncomingMessage, response: ServerResponse, account: AccountId): Promise<(bytes: number) => void>
  /** The same for a message of a socket, which may be as large as the largest body. Give it back with the end of the message. */
  hold(socket: Holder, account: AccountId): { readonly admitted: Promise<void>; readonly giveBack: () => void }
}

interface Waiting {
  readonly bytes: number
  readonly go: () => void
}

interface Room {
  free: number
  readonly line: Waiting[]
}

export function createBodyRoom(maxRequestBytes: number): BodyRoom {
  const whole = maxRequestBytes * bodiesPerAccount
  const rooms = new Map<AccountId, Room>()

  const admit = (room: Room) => {
    for (let next = room.line[0]; next !== undefined && next.bytes <= room.free; next = room.line[0]) {
      room.line.shift()
      room.free -= next.bytes
      next.go()
    }
  }
  const take = (holder: Holder, account: AccountId, most: number) => {
    let bytes = most
    const room = rooms.get(account) ?? { free: whole, line: [] }
    rooms.set(account, room)
    let isInside = false
    let isOver = false
    const leave = () => {
      if (isOver) return
      isOver = true
      holder.off('close', leave)
      if (isInside) room.free += bytes
      else room.line.splice(room.line.indexOf(waiting), 1)
      admit(room)
      if (room.free === whole && room.line.length === 0) rooms.delete(account)
      admitted.resolve()
    }
    const admitted = Promise.withResolvers<void>()
    const waiting: Waiting = {
      bytes,
      go: () => {
        isInside = true
        admitted.resolve()
      },
    }
    room.line.push(waiting)
    if (holder.closed) leave()
    else holder.once('close', leave)
    admit(room)
    const keep = (size: number) => {
      if (isOver || size >= bytes) return
      room.free += bytes - size
      bytes = size
      admit(room)
    }
    return { admitted: admitted.promise, keep, leave }
  }
  return {
    async enter(request, response, account) {
      const { admitted, keep } = take(response, account, bytesOf(request, maxRequestBytes))
      await admitted
      return keep
    },
    hold(socket, account) {
      const { admitted, leave } = take(socket, account, maxRequestBytes)
      return { admitted, giveBack: leave }
    },
  }
}

/** What is kept of the body at most. Nobody knows beforehand how large a body is that is compressed or comes in chunks. */
function bytesOf({ headers }: IncomingMessage, maxRequestBytes: number): number {
  if (headers['transfer-encoding'] !== undefined) return maxRequestBytes
  const length = Number(headers['content-length'] ?? 0)
  if (length > 0 && headers['content-encoding'] !== undefined) return maxRequestBytes
  return Math.min(length, maxRequestBytes)
}
