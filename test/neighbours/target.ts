import type { Account } from './account.ts'

/** What an attack is aimed at. */
export interface Target {
  /** Of the API process. */
  readonly url: string
  /** Does what it may, as fast as it may. */
  readonly attacker: Account
}
