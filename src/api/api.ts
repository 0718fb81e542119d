import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Authenticator } from '../access/authenticate.ts'
import type { Failure } from '../kernel/errors.ts'
import type { LoopTurns } from '../kernel/loop-turns.ts'
import type { BodyRoom } from './body-room.ts'
import type { InTurn } from './request-turns.ts'
import type { Services } from './services.ts'
import type { RequestObserver } from './streaming/request-observer.ts'
import type { SubscriptionLimits } from './streaming/subscription-limits.ts'

/** One API of the server. Each has its own folder beside this file and an entry in `apis.ts`. */
export interface Api {
  /** Whether this API answers requests for the path. */
  owns(path: string): boolean
  /** Answers one of its requests. Rejects only with a defect. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** The form of an error that the server, not the API, decides on. `status` is the HTTP status of the answer. */
  refusal(failure: Failure, status: number): ApiRefusal
  /** The names under which its operations are counted (`RequestObserver.answered`). */
  readonly operations: readonly string[]
  /** Null: the API accepts no upgrades. */
  readonly sockets: ApiSockets | null
}

export interface ApiRefusal {
  readonly status: number
  /** In addition to the content type. */
  readonly headers: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body: Readonly<Record<string, unknown>>
  /** Sent instead, as plain text, to clients that show an answer's whole body as the error. */
  readonly text?: string
}

/** The upgraded connections of an API, such as WebSockets. */
export interface ApiSockets {
  owns(path: string): boolean
  /** Accepts an upgrade that the server has already admitted. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /**
   * Waits until queries and mutations have their answers, then closes all connections with a code on which stock clients
   * reconnect. Cuts connections that do not answer the close. Takes at most twice `graceMs`.
   */
  close(graceMs: number): Promise<void>
}

/** The dependencies of every API. */
export interface ApiDeps {
  readonly services: Services
  readonly authenticator: Authenticator
  readonly subscriptionLimits: SubscriptionLimits
  readonly inTurn: InTurn
  readonly loopTurns: LoopTurns
  readonly bodyRoom: BodyRoom
  /** Absent: requests are not observed. */
  readonly requests?: RequestObserver | undefined
  /** Logs the whole defect and returns the id of the log entry. */
  readonly reportDefect: (error: unknown) => string
  /** The limit for the body of a request and for a message on a socket. */
  readonly maxRequestBytes: number
  readonly introspection: boolean
  /** Where the AI SDK's transports find their chat. */
  readonly aiSdkPath: string
  readonly timings: ApiTimings
}

export interface ApiTimings {
  /** The interval of heartbeats on an idle event stream. Must stay below 300 s, after which Node's fetch gives up. */
  readonly heartbeatMs: number
  /** How long a WebSocket client may take to send `connection_init` before its connection is closed. */
  readonly initTimeoutMs: number
  readonly pingIntervalMs: number
  /** How long a WebSocket client may take to answer a close before it is cut. */
  readonly closeTimeoutMs: number
}
