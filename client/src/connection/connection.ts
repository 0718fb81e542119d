import { backOff } from '../back-off.ts'
import type { CredentialStore } from '../credentials.ts'
import { BackchannelError, patience } from '../errors.ts'
import { createEventStreamTransport } from './event-stream.ts'
import { post, readData } from './post.ts'
import { createSocketTransport, type WebSocketConstructor } from './socket.ts'
import type { GraphqlRequest, Transport } from './transport.ts'

/** `auto`: a WebSocket, and Server-Sent Events where none can be opened. */
export type TransportChoice = 'auto' | 'websocket' | 'sse'

export interface ConnectionOptions {
  readonly url: string
  readonly transport: TransportChoice
  readonly webSocket: WebSocketConstructor | undefined
  readonly fetch: typeof fetch
  readonly credentials: CredentialStore
}

export interface Connection {
  readonly subscribe: Transport
  /**
   * Sends a query or an idempotent mutation, again after a lost answer, for half a minute. Rejects with a
   * `BackchannelError`, or with the reason of the signal.
   */
  request(request: GraphqlRequest, channelId: string | null, signal?: AbortSignal): Promise<unknown>
  close(): void
}

const requestTimeoutMs = 15_000
const mostTries = 6

export function createConnection(options: ConnectionOptions): Connection {
  const { subscribe, close } = chooseTransport(options)

  const tryOnce = async (request: GraphqlRequest, channelId: string | null, signal: AbortSignal | undefined) => {
    const abort = new AbortController()
    const leave = () => abort.abort()
    const timer = setTimeout(leave, requestTimeoutMs)
    signal?.addEventListener('abort', leave)
    try {
      return await readData(
        await post(options, request, { accept: 'application/json', channelId, signal: abort.signal }),
      )
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    }
  }
  return {
    subscribe,
    close,
    async request(request, channelId, signal) {
      for (let failures = 0; ; failures += 1) {
        signal?.throwIfAborted()
        try {
          return await tryOnce(request, channelId, signal)
        } catch (error) {
          signal?.throwIfAborted()
          if (!(error instanceof BackchannelError)) throw error
          if (patience(error) !== Infinity || failures + 1 === mostTries) throw error
          await pause(failures, signal)
        }
      }
    },
  }
}

function pause(failures: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      cancel()
      signal?.removeEventListener('abort', go)
      resolve()
    }
    const cancel = backOff(failures, go)
    signal?.addEventListener('abort', go)
  })
}

/** How long Server-Sent Events are kept to, once no WebSocket could be opened. */
const avoidSocketsMs = 300_000

function chooseTransport(options: ConnectionOptions): { subscribe: Transport; close(): void } {
  const { url, transport, webSocket, credentials } = options
  const events = createEventStreamTransport(options)
  if (transport === 'sse' || webSocket === undefined) return { subscribe: events, close: () => {} }
  const sockets = createSocketTransport({ url: url.replace(/^http/, 'ws'), webSocket, credentials })
  if (transport === 'websocket') return sockets

  let hasOpened = false
  /** Times in a row that a WebSocket did not open. */
  let unopened = 0
  let isEventsTurn = false
  let avoidUntil = 0

  const subscribeEvents: Transport = (request, channelId, sink) =>
    events(request, channelId, {
      next: sink.next,
      open() {
        avoidUntil = Date.now() + avoidSocketsMs
        sink.open()
      },
      done(error) {
        isEventsTurn = false
        sink.done(error)
      },
    })
  const subscribeSocket: Transport = (request, channelId, sink) => {
    let isOpen = false
    const opened = () => {
      isOpen = true
      hasOpened = true
      unopened = 0
    }
    return sockets.subscribe(request, channelId, {
      open() {
        opened()
        sink.open()
      },
      next: sink.next,
      done(error) {
        // A server that restarts opens nothing either: what worked before gets three tries.
        if (!isOpen && error?.code === 'NETWORK') isEventsTurn = !hasOpened || ++unopened >= 3
        sink.done(error)
      },
    })
  }
  return {
    close: sockets.close,
    subscribe: (request, channelId, sink) =>
      (isEventsTurn || Date.now() < avoidUntil ? subscribeEvents : subscribeSocket)(request, channelId, sink),
  }
}
