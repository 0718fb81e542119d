import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { timings } from '../config/timings.ts'
import { Failure, failures } from '../kernel/errors.ts'
import type { ConnectionLimits } from './connection-limits.ts'
import type { Cors } from './cors.ts'

/**
 * Decides whether a request or an upgrade may enter, before anything else happens; HTTP and WebSockets use the same
 * gate. Null: it may, and it counts for its client until `done` emits `close`.
 */
export type Gate = (request: IncomingMessage, done: EventEmitter) => Failure | null

export function createGate(cors: Pick<Cors, 'refusal'>, connections: Pick<ConnectionLimits, 'admit'>): Gate {
  return (request, done) => {
    const message = cors.refusal(request)
    if (message !== null) return new Failure('FORBIDDEN', message)
    if (connections.admit(request, done)) return null
    return new Failure('LIMIT_EXCEEDED', 'There are too many connections from this address.', {
      retryAfterSeconds: timings.server.connectionRetrySeconds,
    })
  }
}

/** The status line and headers of a refused upgrade. There is no body, because WebSocket clients cannot read it. */
export function responseHead({ code, retryAfterSeconds }: Failure): string {
  const reason = code === 'LIMIT_EXCEEDED' ? 'Too Many Requests' : 'Forbidden'
  const advice = retryAfterSeconds === null ? '' : `\r\nRetry-After: ${retryAfterSeconds}`
  return `${failures[code].status} ${reason}${advice}`
}
