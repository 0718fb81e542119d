import type { RunRowFragment } from '../generated/operations.ts'

export type RunRow = RunRowFragment

/** The newest runs that were read, without a gap, newest first. */
export interface RunList {
  readonly rows: readonly RunRow[]
  /** Where the next page begins; null: there is none. */
  readonly next: string | null
}

export interface RunPage {
  readonly rows: readonly RunRow[]
  readonly next: string | null
}

export const emptyList: RunList = { rows: [], next: null }

const idsOf = (rows: readonly RunRow[]) => new Set(rows.map(({ channelId }) => channelId))

/** Whether the newest page reaches what is known already, so that nothing is missing in between. */
export function meets(list: RunList, page: RunPage): boolean {
  const known = idsOf(list.rows)
  return list.rows.length === 0 || page.next === null || page.rows.some(({ channelId }) => known.has(channelId))
}

/** The list with its newest page read again. Where the two do not meet, the list begins anew. */
export function withNewest(list: RunList, page: RunPage): RunList {
  if (!meets(list, page) || list.rows.length === 0) return { rows: page.rows, next: page.next }
  const known = idsOf(list.rows)
  const fresh = page.rows.filter(({ channelId }) => !known.has(channelId))
  return withChanged({ ...list, rows: [...fresh, ...list.rows] }, page.rows)
}

export function withNextPage(list: RunList, page: RunPage): RunList {
  const known = idsOf(list.rows)
  return { rows: [...list.rows, ...page.rows.filter(({ channelId }) => !known.has(channelId))], next: page.next }
}

/** The same rows as they are now. Rows that have not changed stay the same objects. */
export function withChanged(list: RunList, changed: readonly RunRow[]): RunList {
  const now = new Map(changed.map((row) => [row.channelId, row]))
  const rows = list.rows.map((row) => {
    const other = now.get(row.channelId)
    return other === undefined || JSON.stringify(other) === JSON.stringify(row) ? row : other
  })
  return rows.every((row, index) => row === list.rows[index]) ? list : { ...list, rows }
}

export function without(list: RunList, channelId: string): RunList {
  return { ...list, rows: list.rows.filter((row) => row.channelId !== channelId) }
}

export const isLive = ({ status }: RunRow): boolean =>
  status === 'QUEUED' || status === 'RUNNING' || status === 'WAITING'
