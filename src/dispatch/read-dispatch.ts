import { type DispatchInput, parseDispatchInput } from '../conversation/input/dispatch-input.ts'
import type { AccountId } from '../kernel/ids.ts'
import { countDispatch, type DispatchRate } from './limits/dispatch-rate.ts'

/** Checks the form of a dispatch. BAD_USER_INPUT with the path of every wrong field; LIMIT_EXCEEDED. */
export type ReadDispatch = (account: AccountId, input: unknown, path: readonly string[]) => Promise<DispatchInput>

/** An input that is refused counts as a dispatch, because finding out what is wrong is most of the work. */
export function createReadDispatch(rate: DispatchRate): ReadDispatch {
  return async (account, input, path) => {
    try {
      return parseDispatchInput(input, path)
    } catch (error) {
      await countDispatch(rate, account)
      throw error
    }
  }
}
