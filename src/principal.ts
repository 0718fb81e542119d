import type { AccountId } from './ids.ts'

/** Who is calling. */
export interface Principal {
  readonly account: AccountId
}
