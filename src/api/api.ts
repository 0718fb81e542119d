import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Authenticator } from '../access/authenticate.ts'
import type { Failure } from '../kernel/errors.ts'
import type { Services } from './services.ts'
import type { RequestObserver } from './streaming/request-observer.ts'
import type { SubscriptionLimits } from './streaming/subscription-limits.ts'

/** One API of the server: a folder of its own beside this file, and an entry in `apis.ts`. */
export interface Api {
  /** Whether it answers the requests for this path. */
  owns(path: string): boolean
  /** Answers one of its requests. Rejects only with a defect. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** How it tells a refusal that the server decides on. `status` is the answer's HTTP status. */
  refusal(failure: Failure, status: number): ApiRefusal
  /** Null: it takes no upgrades. */
  readonly sockets: ApiSockets | null
}

export interface ApiRefusal {
  readonly status: number
  /** Besides the content type. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON. */
  readonly body: Readonly<Record<string, unknown>>
}

/** The connections of an API that are upgraded from HTTP. */
export interface ApiSockets {
  owns(path: string): boolean
  /** Takes an upgrade that the server has let in. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /**
   * Waits until requests and mutations have their answers, then closes all connections so that stock clients come back.
   * Cuts those that do not answer the goodbye. Takes at most twice `graceMs`.
   */
  close(graceMs: number): Promise<void>
}

/** What every API works with. */
export interface ApiDeps {
  readonly services: Services
  readonly authenticator: Authenticator
  readonly subscriptionLimits: SubscriptionLimits
  /** Absent: nobody observes requests. */
  readonly requests?: RequestObserver | undefined
  /** Logs a defect whole and answers with the id to quote. */
  readonly reportDefect: (error: unknown) => string
  /** Of a request's body or a socket's message. */
  readonly maxRequestBytes: number
  readonly introspection: boolean
  readonly timings: ApiTimings
}

export interface ApiTimings {
  /** An event stream without events says so often that it is alive. Clients on Node give up after 300 s of silence. */
  readonly heartbeatMs: number
  /** How long a WebSocket client may take to say `connection_init`; then its connection is closed. */
  readonly initTimeoutMs: number
  readonly pingIntervalMs: number
}
