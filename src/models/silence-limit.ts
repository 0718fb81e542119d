import { linkAborts } from '../kernel/linked-abort.ts'
import { type Model, ModelFault } from './model.ts'

export interface SilenceLimitOptions {
  /** How long the model may say nothing while someone listens, before its first part and between two. */
  readonly silenceMs: number
  readonly clock: () => number
  /** Ends early, with any error, when its signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/**
 * Ends a call whose model falls silent, as a connection does whose other end is gone without a word: with a fault that
 * another try may cure. The time its reader takes between two parts is not the model's. One timer a call: it is set
 * anew when it runs out, not when a part comes.
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
      // Fails when the call has ended, by its sleep, and no one waits for it.
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
