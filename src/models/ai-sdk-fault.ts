import { APICallError } from '@ai-sdk/provider'
import { ModelFault } from './model.ts'

/** Refusals of the moment, not of the request: timed out, in conflict, too many. The same call may succeed later. */
const passingStatuses: readonly number[] = [408, 409, 429]

/** What a provider threw, or put into its stream as an error, in the port's words; the original is the `cause`. */
export function aiSdkFault(error: unknown): ModelFault {
  return new ModelFault(isRefusal(error) ? 'rejected' : 'unavailable', messageOf(error), { cause: error })
}

function isRefusal(error: unknown): boolean {
  if (!APICallError.isInstance(error) || error.statusCode === undefined) return false
  return error.statusCode >= 400 && error.statusCode < 500 && !passingStatuses.includes(error.statusCode)
}

/** Providers report errors inside a stream as an Error, as the message alone, or as the object off the wire. */
function messageOf(error: unknown): string {
  if (typeof error === 'string') return error
  if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') {
    return error.message
  }
  return 'the provider reported an error'
}
