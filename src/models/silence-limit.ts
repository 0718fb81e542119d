import { linkAborts } from '../kernel/linked-abort.ts'
import { type Model, ModelFault } from './model.ts'

export interface SilenceLimitOptions {
  /** How long the model may be silent while a reader waits, before the first part and between parts. */
  readonly silenceMs: number
  readonly clock: () => number
  /** Ends early, with any error, when its signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/**
 * Ends a call whose model falls silent, like a connection whose other end vanished, with a retryable fault. Time that
 * the reader takes between two parts does not count. Uses one timer per call, which restarts when it fires, not at
 * every part.
 */
export function createSilenceLimit({ silenceMs, clock, sleep }: SilenceLimitOptions): (model: Model) => Model {
  return (model) => ({
    ...model,
    async *stream(call) {
      const { signal } = call
      const silence = new AbortController()
      const ended = new AbortController()
      const linked = linkAborts([signal, silence.signal])
      let listeningSince: number | null = clock()

      const watch = async () => {
        for (;;) {
          const quietMs = listeningSince === null ? 0 : clock() - listeningSince
          if (quietMs >= silenceMs) return silence.abort()
          await sleep(silenceMs - quietMs, ended.signal)
        }
      }
      const onProgress = () => {
        if (listeningSince !== null) listeningSince = clock()
        call.onProgress?.()
      }
      // Its sleep rejects when the call ends, and nobody awaits it.
      watch().catch(() => undefined)
      try {
        for await (const part of model.stream({ ...call, onProgress, signal: linked.signal })) {
          listeningSince = null
          yield part
          listeningSince = clock()
        }
      } catch (error) {
        if (!silence.signal.aborted || signal.aborted) throw error
        const message = `The model said nothing for ${silenceMs / 1000} s.`
        throw new ModelFault('unavailable', message, { isRetryable: true, cause: error })
      } finally {
        ended.abort()
        linked.unlink()
      }
    },
  })
}
