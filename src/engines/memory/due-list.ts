import type { Due, DueList } from '../../dispatch/schedule/due.ts'
import { nameOf } from '../../kernel/ids.ts'

export function createMemoryDueList(): DueList {
  const list = new Map<string, Due>()
  const isUnchanged = ({ key, at }: Due) => list.get(nameOf(key))?.at === at
  return {
    async bring(key, at) {
      const earliest = Math.min(at, list.get(nameOf(key))?.at ?? at)
      list.set(nameOf(key), { key, at: earliest })
    },
    async due(now, limit) {
      return [...list.values()]
        .filter(({ at }) => at <= now)
        .sort((a, b) => a.at - b.at)
        .slice(0, limit)
    },
    async move(entry, at) {
      if (!isUnchanged(entry)) return null
      const moved = { key: entry.key, at }
      list.set(nameOf(entry.key), moved)
      return moved
    },
    async drop(entry) {
      if (isUnchanged(entry)) list.delete(nameOf(entry.key))
    },
  }
}
