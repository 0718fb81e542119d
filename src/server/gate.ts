import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type FailureCode, failures } from '../kernel/errors.ts'
import { type ConnectionLimits, connectionRetrySeconds } from './connection-limits.ts'
import type { Cors } from './cors.ts'

export interface GateRefusal {
  readonly code: FailureCode
  readonly message: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Whether a request or an upgrade may come in, before anything else is looked at: for HTTP and WebSocket alike. One that
 * may counts among its client's until `done` emits `close`.
 */
export type Gate = (request: IncomingMessage, done: EventEmitter) => GateRefusal | null

export function createGate(cors: Pick<Cors, 'refusal'>, connections: Pick<ConnectionLimits, 'admit'>): Gate {
  return (request, done) => {
    const message = cors.refusal(request)
    if (message !== null) return { code: 'FORBIDDEN', message, headers: {} }
    if (connections.admit(request, done)) return null
    return {
      code: 'LIMIT_EXCEEDED',
      message: 'There are too many connections from this address.',
      headers: { 'retry-after': String(connectionRetrySeconds), connection: 'close' },
    }
  }
}

/** Status and headers, without a body: clients of a WebSocket see no more at most. */
export function responseHead({ code, headers }: GateRefusal): string {
  const reason = code === 'LIMIT_EXCEEDED' ? 'Too Many Requests' : 'Forbidden'
  const advice = headers['retry-after'] === undefined ? '' : `\r\nRetry-After: ${headers['retry-after']}`
  return `${failures[code].status} ${reason}${advice}`
}
