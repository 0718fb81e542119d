import type { AccountId } from '../../kernel/ids.ts'

/** What each account holds, in characters of stored text and bytes of files. */
export interface MemoryLedger {
  /** Replaces what the name holds; 0: nothing. */
  hold(account: AccountId, name: string, bytes: number): void
  held(account: AccountId): number
  total(): number
  /** Whether the account has no room to grow by so much. Frees first what the account itself can spare. */
  isFull(account: AccountId, growth: number): boolean
  /** @param spare frees something that the account can spare; false: it has nothing there. */
  spareBy(spare: (account: AccountId) => boolean): void
}

/** @param limit of each account; 0: no limit */
export function createMemoryLedger(limit: number): MemoryLedger {
  const accounts = new Map<AccountId, { readonly names: Map<string, number>; bytes: number }>()
  let total = 0
  const sparing: ((account: AccountId) => boolean)[] = []
  const held = (account: AccountId) => accounts.get(account)?.bytes ?? 0

  return {
    hold(account, name, bytes) {
      const entry = accounts.get(account) ?? { names: new Map<string, number>(), bytes: 0 }
      const growth = bytes - (entry.names.get(name) ?? 0)
      entry.bytes += growth
      total += growth
      if (bytes > 0) entry.names.set(name, bytes)
      else entry.names.delete(name)
      if (entry.names.size > 0) accounts.set(account, entry)
      else accounts.delete(account)
    },
    held,
    total: () => total,
    isFull(account, growth) {
      if (limit === 0) return false
      while (held(account) + growth > limit) {
        if (!sparing.some((spare) => spare(account))) return true
      }
      return false
    },
    spareBy(spare) {
      sparing.push(spare)
    },
  }
}
