import { Failure } from '../kernel/errors.ts'
import type { Logger } from './logger.ts'

/** The same trouble, such as a Redis that is away, is said again after this. */
const quietMs = 10_000
/** Of different troubles; more are not remembered. */
const most = 100

export interface Trouble {
  readonly tell: (error: unknown) => void
  /** The reason of the last one that has one. */
  last(): string | null
}

/**
 * Logs what mends itself, as `recovering`. A failure of the network or of a service is one line with its reason, said once
 * in ten seconds with how often it came meanwhile; a defect is logged whole.
 */
export function createTrouble(logger: Logger, now: () => number): Trouble {
  let last: string | null = null
  const said = new Map<string, { at: number; unsaid: number }>()
  const tell = (error: unknown) => {
    const trouble = reasonOf(error)
    if (trouble === null) return logger.warn({ err: error }, 'recovering')
    const { reason, code } = trouble
    last = reason
    const before = said.get(reason)
    if (before !== undefined && now() - before.at < quietMs) {
      before.unsaid += 1
      return
    }
    if (said.size >= most) said.clear()
    said.set(reason, { at: now(), unsaid: 0 })
    const times = before === undefined || before.unsaid === 0 ? {} : { unsaid: before.unsaid }
    logger.warn({ reason, code, ...times }, 'recovering')
  }
  return { tell, last: () => last }
}

/** Null: it is not known to be anyone's failure but ours. */
function reasonOf(error: unknown): { readonly reason: string; readonly code: string } | null {
  if (error instanceof Failure) return { reason: error.message, code: error.code }
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return null
  return { reason: `${error.syscall} failed (${error.code})`, code: String(error.code) }
}
