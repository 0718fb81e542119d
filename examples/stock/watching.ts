import type { ChannelEvent } from './reducer.ts'

/** One subscription to the events of a channel. */
export interface Watching {
  readonly channelId: string
  /** Start after this cursor. Default: the beginning of the log. */
  readonly after?: string | null
  readonly onEvent: (event: ChannelEvent) => void
  /** Stops watching. It does not cancel the run. */
  readonly signal?: AbortSignal | undefined
}

type Start = (done: () => void, failed: (error: unknown) => void) => () => void

/**
 * Resolves once `start` reports that it is done or the signal aborts. Always calls the function that `start` returned.
 */
export async function untilDone(signal: AbortSignal | undefined, start: Start): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  if (signal?.aborted) return
  const leave = () => resolve()
  signal?.addEventListener('abort', leave)
  const stop = start(resolve, reject)
  await promise.finally(() => {
    signal?.removeEventListener('abort', leave)
    stop()
  })
}
