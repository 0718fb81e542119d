import { HTTPException } from 'hono/http-exception'
import { Failure } from '../../kernel/errors.ts'
import { type Refusal, refusalOf } from './refusal.ts'

/** Translates anything thrown into the caller's error. A defect is logged; the caller gets only the id of the log entry. */
export type MaskError = (error: unknown) => Refusal

export function createMaskError(reportDefect: (error: unknown) => string): MaskError {
  return (error) => {
    if (error instanceof Failure) return refusalOf(error)
    // Thrown by Hono for a body that is not JSON.
    if (error instanceof HTTPException && error.status < 500) {
      return refusalOf(new Failure('BAD_USER_INPUT', error.message))
    }
    return refusalOf(new Failure('INTERNAL', `The server failed. It was logged as ${reportDefect(error)}.`))
  }
}
