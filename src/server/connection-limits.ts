import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { isIPv6, type Socket } from 'node:net'

export interface ConnectionLimitsOptions {
  /** 0: no limit. */
  readonly perAddress: number
  /**
   * The header in which a proxy names the client. Its last address counts: what stands before it the client may have made
   * up. Connections are the proxy's then, so requests in flight and WebSockets are counted instead. Null: connections.
   */
  readonly addressHeader: string | null
}

export interface ConnectionLimits {
  /** To be told of every connection. */
  onConnection(socket: Socket): void
  /** Whether the request may be served; if so, it counts until `done` emits `close`. */
  admit(request: IncomingMessage, done: EventEmitter): boolean
}

/** What a connection too many has to say what it wants, to hear that it is one. */
const refusedTimeoutMs = 5000
/** When to try again is not known: when another connection has closed. */
export const connectionRetrySeconds = 5

export function createConnectionLimits({ perAddress, addressHeader }: ConnectionLimitsOptions): ConnectionLimits {
  const open = new Map<string, number>()
  const refused = new WeakSet<Socket>()

  /** False where the address has as many already. */
  const count = (address: string, until: EventEmitter): boolean => {
    const known = open.get(address) ?? 0
    if (known >= perAddress) return false
    open.set(address, known + 1)
    until.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
    return true
  }

  return {
    onConnection(socket) {
      if (perAddress === 0 || addressHeader !== null) return
      if (count(networkOf(socket.remoteAddress ?? ''), socket)) return
      refused.add(socket)
      socket.setTimeout(refusedTimeoutMs, () => socket.destroy())
    },
    admit(request, done) {
      if (perAddress === 0) return true
      if (addressHeader === null) return !refused.has(request.socket)
      const named = String(request.headers[addressHeader] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
      return count(networkOf(named || (request.socket.remoteAddress ?? '')), done)
    },
  }
}

/** An IPv4 address, or the first half of an IPv6 one: a client has the second half to itself. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = (plain.split('%')[0] ?? '').toLowerCase().split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  const all = [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''))
  return `${all.slice(0, 4).join(':')}::/64`
}
