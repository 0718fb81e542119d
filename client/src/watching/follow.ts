import { backOff } from '../back-off.ts'
import type { Transport } from '../connection/transport.ts'
import { type BackchannelError, patience } from '../errors.ts'

export interface Following<Data> {
  /** Absent: what is followed belongs to no channel. */
  readonly channelId?: string
  readonly query: string
  /** Of the first subscription, and of each later one, after this cursor. */
  readonly variables: (after: string | null) => Readonly<Record<string, unknown>>
  readonly after?: string | null
  /** The cursor of what has come, and whether nothing follows it. Without it, it begins anew, and says all that there is. */
  readonly read?: (data: Data) => { readonly cursor: string | null; readonly isLast: boolean }
  readonly next: (data: Data) => void
  /** Whether the connection stands: first that it does, then each change. */
  readonly connected: (isConnected: boolean) => void
  /** Called once, unless it is stopped. Without an error everything has come. */
  readonly done: (error: BackchannelError | null) => void
}

/**
 * Subscribes again after the last cursor whenever the connection is lost, so that everything comes exactly once and in
 * order. It gives up when the server refuses for good. The returned function stops it; nothing is called after that.
 */
export function follow<Data>(subscribe: Transport, following: Following<Data>): () => void {
  const { channelId = null, query, read, next, connected, done } = following
  let cursor = following.after ?? null
  let failures = 0
  let isConnected = false
  let stop = () => {}

  const setConnected = (now: boolean) => {
    if (isConnected === now) return
    isConnected = now
    connected(now)
  }

  function attempt(): void {
    let isOver = false
    const end = (error: BackchannelError | null) => {
      if (isOver) return
      isOver = true
      if (error === null) {
        done(null)
        return
      }
      setConnected(false)
      if (failures >= patience(error)) {
        done(error)
        return
      }
      stop = backOff(failures, attempt, error.retryAfterSeconds)
      failures += 1
    }
    // graphql-ws may send the request again by itself: then, too, after the last cursor.
    const request = {
      query,
      get variables() {
        return following.variables(cursor)
      },
    }
    const leave = subscribe(request, channelId, {
      open: () => isOver || setConnected(true),
      next(data) {
        if (isOver) return
        setConnected(true)
        failures = 0
        const reached = read?.(data as Data)
        cursor = reached?.cursor ?? null
        next(data as Data)
        // Its completion may get lost, or the connection may break before it comes.
        if (!reached?.isLast || isOver) return
        leave()
        end(null)
      },
      done: end,
    })
    if (isOver) return
    stop = () => {
      isOver = true
      leave()
    }
  }

  attempt()
  return () => stop()
}
