import { type Client, createClient } from 'graphql-ws'
import type { CredentialStore, Scope } from '../credentials.ts'
import { asOurs, BackchannelError, refusal } from '../errors.ts'
import { onWake } from '../wake.ts'
import type { Transport } from './transport.ts'

/** As browsers have it. On Node before 22, the class of the package `ws`. */
export type WebSocketConstructor = new (
  url: string,
  protocols?: string | string[],
) => { addEventListener(type: 'error', listener: () => void): void }

export interface SocketOptions {
  readonly url: string
  readonly webSocket: WebSocketConstructor
  readonly credentials: CredentialStore
}

/** A proxy may swallow the upgrade without an answer. */
const connectTimeoutMs = 15_000
const pingIntervalMs = 15_000
const pongTimeoutMs = 10_000
/** After a sleep a socket may be dead and look open; then nobody waits for the next ping. */
const wakeTimeoutMs = 5_000
/** The next turn of a chat finds the connection of the last one. */
const idleMs = 1_000

interface Shared {
  readonly client: Client
  isAcknowledged: boolean
  subscriptions: number
  /** What the connection was opened with. */
  header: string | null
}

/** One WebSocket for everything that shares a credential, while something needs it. */
export function createSocketTransport(options: SocketOptions): { subscribe: Transport; close(): void } {
  const { credentials } = options
  const connections = new Map<Scope, Shared>()

  function connectionOf(scope: Scope): Shared {
    const known = connections.get(scope)
    if (known !== undefined) return known
    const connection = openConnection(options, scope)
    connections.set(scope, connection)
    connection.client.on('closed', () => {
      if (connections.get(scope) === connection) connections.delete(scope)
    })
    return connection
  }
  return {
    subscribe(request, channelId, sink) {
      const scope = credentials.scopeOf(channelId)
      const connection = connectionOf(scope)
      const { client } = connection
      let isOver = false
      connection.subscriptions += 1
      const finish = () => {
        isOver = true
        connection.subscriptions -= 1
        stopListening()
      }
      const end = (error: BackchannelError | null, isBlocked = false) => {
        if (isOver) return
        finish()
        sink.done(error, isBlocked)
      }
      const open = () => isOver || sink.open()
      const judge = (error: BackchannelError) => credentials.judge(error, scope, connection.header)
      const stopListening = client.on('connected', open)
      if (connection.isAcknowledged) queueMicrotask(open)
      const unsubscribe = client.subscribe(request, {
        next({ data, errors }) {
          if (isOver) return
          if (errors === undefined) sink.next(data)
          else {
            end(judge(refusal(errors)))
            queueMicrotask(unsubscribe)
          }
        },
        error(error) {
          if (Array.isArray(error)) end(judge(refusal(error)))
          else if (isRefused(error)) end(judge(notAccepted()))
          // Where there is no credential, nothing is known of the connection.
          else end(asOurs(error), !connection.isAcknowledged && !(error instanceof BackchannelError))
        },
        complete: () => end(null),
      })
      return () => {
        if (isOver) return
        finish()
        // Later, because graphql-ws counts twice what is unsubscribed in `next` while its `complete` is there already, and
        // then closes the connection under the subscriptions that are left, as if they were complete.
        queueMicrotask(() => {
          unsubscribe()
          // Nobody waits for it any more, and it may never open.
          if (connection.subscriptions === 0 && !connection.isAcknowledged) client.terminate()
        })
      }
    },
    close() {
      // It rejects where the connection fails while it is being opened.
      for (const { client } of connections.values()) Promise.resolve(client.dispose()).catch(() => {})
    },
  }
}

function openConnection({ url, webSocket, credentials }: SocketOptions, scope: Scope): Shared {
  let timer: ReturnType<typeof setTimeout> | undefined
  const within = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => client.terminate(), ms)
  }
  let socket: Pick<WebSocket, 'send'> | undefined
  const stopListening = onWake(() => {
    if (!shared.isAcknowledged) return
    socket?.send('{"type":"ping"}')
    within(wakeTimeoutMs)
  })
  const client = createClient({
    url,
    webSocketImpl: class extends webSocket {
      constructor(url: string, protocols?: string | string[]) {
        super(url, protocols)
        // graphql-ws lets go of a socket that is given up before it is open, and that of the package `ws` then throws.
        this.addEventListener('error', () => {})
      }
    },
    retryAttempts: 0,
    keepAlive: pingIntervalMs,
    lazyCloseTimeout: idleMs,
    async connectionParams() {
      shared.header = await credentials.header(scope)
      return shared.header === null ? {} : { authorization: shared.header }
    },
    on: {
      connecting: () => within(connectTimeoutMs),
      opened(opened) {
        socket = opened as WebSocket
      },
      connected() {
        clearTimeout(timer)
        shared.isAcknowledged = true
        credentials.accepted(scope)
      },
      ping: (isReceived) => !isReceived && within(pongTimeoutMs),
      pong: (isReceived) => isReceived && clearTimeout(timer),
      closed() {
        clearTimeout(timer)
        stopListening()
      },
    },
  })
  const shared: Shared = { client, isAcknowledged: false, subscriptions: 0, header: null }
  return shared
}

/** 4401: the credential is not valid; 4403: it has expired, now or before. */
function isRefused(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return code === 4401 || code === 4403
}

const notAccepted = () => new BackchannelError('UNAUTHENTICATED', 'The credential is not accepted.')
