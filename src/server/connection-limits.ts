import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { isIPv6, type Socket } from 'node:net'
import { timings } from '../config/timings.ts'
import { type ClientAddressOptions, createClientAddress, unmapped } from './client-address.ts'

export interface ConnectionLimitsOptions {
  /** 0: no limit. */
  readonly perAddress: number
  /**
   * Behind a proxy, which is where the client has a header, the connections are those of the proxy, so requests in flight and
   * WebSockets are counted instead.
   */
  readonly client: ClientAddressOptions
}

export interface ConnectionLimits {
  /** Call it for every new connection. */
  onConnection(socket: Socket): void
  /** Whether the request may be served. If so, it counts until `done` emits `close`. */
  admit(request: IncomingMessage, done: EventEmitter): boolean
}

export function createConnectionLimits({ perAddress, client }: ConnectionLimitsOptions): ConnectionLimits {
  const clientAddress = createClientAddress(client)
  const open = new Map<string, number>()
  const refused = new WeakSet<Socket>()

  /** Counts one more for the address. False: it already has the maximum. */
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
      if (perAddress === 0 || client.header !== null) return
      if (count(networkOf(socket.remoteAddress ?? ''), socket)) return
      refused.add(socket)
      socket.setTimeout(timings.server.refusedTimeoutMs, () => socket.destroy())
    },
    admit(request, done) {
      if (perAddress === 0) return true
      if (client.header === null) return !refused.has(request.socket)
      return count(networkOf(clientAddress(request)), done)
    },
  }
}

/** An IPv4 address, or the first half of an IPv6 address: one client controls the whole second half. */
export function networkOf(address: string): string {
  const plain = unmapped(address)
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = (plain.split('%')[0] ?? '').toLowerCase().split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  const all = [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''))
  return `${all.slice(0, 4).join(':')}::/64`
}
