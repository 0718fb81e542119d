import type { ChannelEvent } from './reducer.ts'

/** One subscription to a channel's events. */
export interface Watching {
  readonly channelId: string
  /** Begin behind this cursor. Default: at the beginning. */
  readonly after?: string | null
  readonly onEvent: (event: ChannelEvent) => void
  /** Stops watching, which does not cancel the run. */
  readonly signal?: AbortSignal | undefined
}

type Start = (done: () => void, failed: (error: unknown) => void) => () => void

/** Resolves once `start` says that it is done, or the signal aborts; calls what `start` returned in any case. */
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
