import { nameOf } from '../ids.ts'
import type { Due, DueList } from './due.ts'

export function createMemoryDueList(): DueList {
  const list = new Map<string, Due>()
  return {
    async set(key, at) {
      list.set(nameOf(key), { key, at })
    },
    async remove(key) {
      list.delete(nameOf(key))
    },
    async due(now, limit) {
      return [...list.values()]
        .filter(({ at }) => at <= now)
        .sort((a, b) => a.at - b.at)
        .slice(0, limit)
    },
  }
}
