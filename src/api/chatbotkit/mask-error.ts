import { HTTPException } from 'hono/http-exception'
import { Failure } from '../../kernel/errors.ts'
import { type Refusal, refusalOf } from './refusal.ts'

/** What a caller gets to see of anything that was thrown. A defect is logged, and quoted by its id. */
export type MaskError = (error: unknown) => Refusal

export function createMaskError(reportDefect: (error: unknown) => string): MaskError {
  return (error) => {
    if (error instanceof Failure) return refusalOf(error)
    // Hono's own: a body that is no JSON.
    if (error instanceof HTTPException && error.status < 500) {
      return refusalOf(new Failure('BAD_USER_INPUT', error.message))
    }
    return refusalOf(new Failure('INTERNAL', `The server failed. It was logged as ${reportDefect(error)}.`))
  }
}
