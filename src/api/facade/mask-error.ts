import { HTTPException } from 'hono/http-exception'
import { Failure, failures } from '../../kernel/errors.ts'

/** The form in which an API tells its callers of an error. */
export type RefusalOf<Refusal> = (failure: Failure, status: number) => Refusal

/** Translates anything thrown into the caller's error. A defect is logged; the caller gets only the id of the log entry. */
export type MaskError<Refusal> = (error: unknown) => Refusal

export function createMaskError<Refusal>(
  reportDefect: (error: unknown) => string,
  refusalOf: RefusalOf<Refusal>,
): MaskError<Refusal> {
  return (error) => {
    const failure = failureOf(error, reportDefect)
    return refusalOf(failure, failures[failure.code].status)
  }
}

function failureOf(error: unknown, reportDefect: (error: unknown) => string): Failure {
  if (error instanceof Failure) return error
  // Thrown by Hono for a body that is not JSON.
  if (error instanceof HTTPException && error.status < 500) return new Failure('BAD_USER_INPUT', error.message)
  return new Failure('INTERNAL', `The server failed. It was logged as ${reportDefect(error)}.`)
}
