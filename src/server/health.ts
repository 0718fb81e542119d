import { timings } from '../config/timings.ts'
import { Failure } from '../kernel/errors.ts'

/**
 * Checks whether a part of the process can serve. Throws, or takes too long, if it cannot; a Failure's message is for whoever
 * asks.
 */
export type ReadinessCheck = () => Promise<unknown>

export type Readiness =
  | { readonly status: 'ready'; readonly keptIn: string }
  /** The reason is for whoever runs the service; it may be unknown. */
  | { readonly status: 'not ready'; readonly reason?: string }

export async function readinessBy(check: ReadinessCheck, keptIn: string): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'not ready' }), timings.server.readinessTimeoutMs)
  })
  const checked = check().then(
    (): Readiness => ({ status: 'ready', keptIn }),
    (error: unknown): Readiness => ({
      status: 'not ready',
      ...(error instanceof Failure ? { reason: error.message } : {}),
    }),
  )
  return Promise.race([checked, tooLong]).finally(() => clearTimeout(timer))
}
