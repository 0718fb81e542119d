import type { ApiKey } from '../access/principal.ts'
import { type AccountId, localAccount } from '../kernel/ids.ts'
import { type AccountsFile, keysIn, readAccounts } from './accounts.ts'
import type { Config } from './config.ts'
import { secretsOf } from './secrets.ts'

/** Who is let in and what each may have, as it is now. What is returned is the same until it changes. */
export interface Accounts {
  readonly keys: () => readonly ApiKey[]
  /** `local` alone if there are no keys. */
  readonly names: () => readonly AccountId[]
  readonly shareOf: (account: AccountId) => { readonly limit: number | null; readonly weight: number }
  /** In place of TOKENS_PER_DAY and COST_PER_DAY; 0: no limit; null: what these say. */
  readonly dayOf: (account: AccountId) => { readonly tokens: number | null; readonly cost: number | null }
  /** What no log line may contain, keys that are no longer valid included. */
  readonly secrets: () => readonly string[]
  /** Reads the file of ACCOUNTS again. Returns why the accounts stay as they were, in one line; null: they are the file's now. */
  reload(): string | null
}

export function createAccounts(config: Config): Accounts {
  let file = config.accounts
  let secrets = secretsOf(config)
  const all = (given: AccountsFile | null) => [...config.apiKeys, ...(given === null ? [] : keysIn(given))]
  let keys = all(file)
  const namesOf = (some: readonly ApiKey[]) =>
    some.length === 0 ? [localAccount] : [...new Set(some.map(({ account }) => account))]
  let names = namesOf(keys)
  return {
    keys: () => keys,
    names: () => names,
    secrets: () => secrets,
    shareOf(account) {
      const own = file?.accounts.get(account)
      return { limit: own?.runningDispatches ?? null, weight: own?.weight ?? 1 }
    },
    dayOf(account) {
      const own = file?.accounts.get(account)
      return { tokens: own?.tokensPerDay ?? null, cost: own?.costPerDay ?? null }
    },
    reload() {
      if (file === null) return 'ACCOUNTS is not set'
      const read = readAccounts(file.path)
      if ('problems' in read) return `ACCOUNTS: ${read.problems.join('; ')}`
      file = read
      keys = all(read)
      names = namesOf(keys)
      secrets = [...new Set([...secrets, ...keysIn(read).map(({ secret }) => secret)])]
      return null
    },
  }
}
