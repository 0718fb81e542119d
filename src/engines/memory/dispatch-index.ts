import type { DispatchIndex, IndexPlace } from '../../dispatch/dispatch-index.ts'
import type { AccountId } from '../../kernel/ids.ts'

export interface MemoryDispatchIndex extends DispatchIndex {
  /** Creating a run calls this. */
  add(account: AccountId, place: IndexPlace): void
}

export function createMemoryDispatchIndex(): MemoryDispatchIndex {
  // Oldest first. A dispatch is added at about its creation time, so its place is near the end.
  const accounts = new Map<AccountId, IndexPlace[]>()
  const placesOf = (account: AccountId) => accounts.get(account) ?? []

  return {
    add(account, place) {
      const places = placesOf(account)
      const known = places.findLastIndex(({ channel }) => channel === place.channel)
      if (known !== -1) places.splice(known, 1)
      places.splice(places.findLastIndex((other) => isBefore(other, place)) + 1, 0, place)
      accounts.set(account, places)
    },
    async page(account, before, limit) {
      const places = placesOf(account)
      const end = before === null ? places.length : places.findLastIndex((place) => isBefore(place, before)) + 1
      return places.slice(Math.max(0, end - limit), end).reverse()
    },
    async remove(account, channels) {
      const gone = new Set(channels)
      accounts.set(
        account,
        placesOf(account).filter(({ channel }) => !gone.has(channel)),
      )
    },
  }
}

function isBefore(a: IndexPlace, b: IndexPlace): boolean {
  return a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.channel < b.channel)
}
