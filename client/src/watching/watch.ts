import { reasonOf } from '../errors.ts'
import { type ChannelEvent, pushJoined } from '../events.ts'
import type { Feeds } from './feeds.ts'

export interface WatchOptions {
  /** Start right after this cursor. Default: the beginning of the log. */
  readonly after?: string | null | undefined
  /** Ends the iteration with its reason. The run goes on. */
  readonly signal?: AbortSignal | undefined
}

type Result = IteratorResult<ChannelEvent, undefined>

interface Waiting {
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * The events of a channel, in order and exactly once, across any number of lost connections; it ends after the last event of
 * the run. It begins with the first `next`. Adjacent pieces of text that the reader has not yet taken come as one, so a slow
 * reader holds no more than the text.
 */
export function watch(
  feeds: Feeds,
  channelId: string,
  { after = null, signal }: WatchOptions,
): AsyncIterableIterator<ChannelEvent> {
  const events: ChannelEvent[] = []
  const waiting: Waiting[] = []
  let over: { readonly error: unknown } | null = null
  let leave: (() => void) | null = null

  const finish = (error: unknown) => {
    if (over !== null) return
    over = { error }
    signal?.removeEventListener('abort', abort)
    leave?.()
    settle()
  }
  const abort = () => finish(signal && reasonOf(signal))

  /** Gives those who wait what there is. */
  function settle(): void {
    while (waiting.length > 0) {
      const event = events.shift()
      if (event === undefined && over === null) return
      const { resolve, reject } = waiting.shift() as Waiting
      if (event !== undefined) resolve({ done: false, value: event })
      else if (over === null || over.error === null) resolve({ done: true, value: undefined })
      else {
        reject(over.error)
        over = { error: null }
      }
    }
  }

  function start(): void {
    if (signal?.aborted) {
      abort()
      return
    }
    signal?.addEventListener('abort', abort)
    leave = feeds.join(channelId, after, {
      event(event) {
        pushJoined(events, event)
        settle()
      },
      connected: () => {},
      done: finish,
    })
  }

  return {
    next() {
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        if (leave === null && over === null) start()
        settle()
      })
    },
    async return() {
      events.length = 0
      finish(null)
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
