import type { CredentialStore } from '../credentials.ts'
import type { BackchannelError } from '../errors.ts'
import { createEventStreamTransport } from './event-stream.ts'
import { createSocketTransport, type WebSocketConstructor } from './socket.ts'
import type { Transport } from './transport.ts'

/** `auto`: a WebSocket, and Server-Sent Events where none can be opened. */
export type TransportChoice = 'auto' | 'websocket' | 'sse'

export interface TransportOptions {
  readonly url: string
  readonly transport: TransportChoice
  readonly webSocket: WebSocketConstructor | undefined
  readonly fetch: typeof fetch
  readonly credentials: CredentialStore
}

/** How long a WebSocket may take until Server-Sent Events are tried beside it. */
const headStartMs = 2_500
/** How long Server-Sent Events are kept to, once they have worked where no WebSocket did. */
const avoidSocketsMs = 300_000
/** A server that restarts opens no WebSocket either: where one has worked, so many in a row have to fail. */
const trustedFailures = 3

/**
 * With `auto`, every subscription takes a WebSocket where one has worked. Where that is not known, or no longer true, it
 * takes what opens first: the WebSocket, or Server-Sent Events, which begin when the WebSocket fails or has had its head
 * start, since a proxy may refuse an upgrade, or swallow it without an answer. The client remembers which it was.
 */
export function chooseTransport(options: TransportOptions): { subscribe: Transport; close(): void } {
  const { url, transport, webSocket, credentials } = options
  const events = createEventStreamTransport(options)
  if (transport === 'sse' || webSocket === undefined) return { subscribe: events, close: () => {} }
  const sockets = createSocketTransport({ url: url.replace(/^http/, 'ws'), webSocket, credentials })
  if (transport === 'websocket') return sockets

  /** WebSockets in a row that did not open; more than are trusted until the first has. */
  let failures = trustedFailures
  let avoidSocketsUntil = 0

  const subscribe: Transport = (request, channelId, sink) => {
    if (Date.now() < avoidSocketsUntil) return events(request, channelId, sink)
    const isTrusted = failures < trustedFailures
    const scope = credentials.scopeOf(channelId)
    let isSocketPending = true
    let leaveEvents: (() => void) | null = null
    let timer: ReturnType<typeof setTimeout> | undefined

    const end = (error: BackchannelError | null) => {
      leave()
      sink.done(error)
    }
    const leaveSocket = sockets.subscribe(request, channelId, {
      next: sink.next,
      open() {
        failures = 0
        clearTimeout(timer)
        leaveEvents?.()
        sink.open()
      },
      done(error, isBlocked) {
        isSocketPending = false
        if (isBlocked) failures += 1
        if (!isBlocked || isTrusted) end(error)
        else if (leaveEvents === null) tryEvents()
      },
    })
    const tryEvents = () => {
      clearTimeout(timer)
      leaveEvents = events(request, channelId, {
        next: sink.next,
        open() {
          avoidSocketsUntil = Date.now() + avoidSocketsMs
          isSocketPending = false
          leaveSocket()
          sink.open()
        },
        done(error) {
          leaveEvents = null
          // The WebSocket may still open.
          if (!isSocketPending || error?.code !== 'NETWORK') end(error)
        },
      })
    }
    const giveHeadStart = () => {
      // Waiting for a credential says nothing about the way to the server.
      timer = setTimeout(() => (credentials.isFetching(scope) ? giveHeadStart() : tryEvents()), headStartMs)
    }
    const leave = () => {
      clearTimeout(timer)
      leaveSocket()
      leaveEvents?.()
    }
    if (!isTrusted) giveHeadStart()
    return leave
  }

  return { subscribe, close: sockets.close }
}
