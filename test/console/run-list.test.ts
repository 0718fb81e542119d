import { describe, expect, test } from 'vitest'
import { isWanted, readFilters, writeFilters } from '../../console/src/runs/filters.ts'
import { meets, type RunRow, withChanged, withNewest, withNextPage } from '../../console/src/runs/run-list.ts'

const row = (channelId: string, status: RunRow['status'] = 'RUNNING') =>
  ({ channelId, status, model: 'demo', attempts: 1 }) as RunRow
const list = (ids: string, next: string | null = null) => ({ rows: [...ids].map((id) => row(id)), next })
const idsIn = ({ rows }: { readonly rows: readonly RunRow[] }) => rows.map(({ channelId }) => channelId).join('')

describe('the list of runs', () => {
  test('gets new ones in front, and keeps the pages that were read', () => {
    const known = withNextPage(list('dc', 'after c'), list('cba'))
    expect(idsIn(known)).toBe('dcba')
    expect(idsIn(withNewest(known, list('fed', 'after d')))).toBe('fedcba')
  })

  test('begins anew where the newest page does not reach what is known', () => {
    const known = list('cba')
    expect(meets(known, list('zyx', 'after x'))).toBe(false)
    expect(withNewest(known, list('zyx', 'after x'))).toEqual(list('zyx', 'after x'))
    expect(meets(known, list('zyx'))).toBe(true)
  })

  test('changes the rows that have changed, and no other object', () => {
    const known = list('cba')
    const ended = row('b', 'COMPLETED')
    const after = withChanged(known, [ended, row('a')])
    expect(after.rows[1]).toBe(ended)
    expect(after.rows[0]).toBe(known.rows[0])
    expect(after.rows[2]).toBe(known.rows[2])
    expect(withChanged(known, [row('a')])).toBe(known)
  })
})

describe('filters', () => {
  test('stand in the address and come back from it', () => {
    const search = new URLSearchParams('status=failed,running,unknown&bot=b1&conversation=c1&id=r1&other=x')
    const filters = readFilters(search)
    expect(filters).toEqual({
      statuses: ['RUNNING', 'FAILED'],
      botId: 'b1',
      contactId: '',
      conversationId: 'c1',
      channelId: 'r1',
    })
    expect(`${writeFilters(filters)}`).toBe('status=running%2Cfailed&bot=b1&conversation=c1&id=r1')
  })

  test('a run whose status has changed leaves the list', () => {
    const filters = readFilters(new URLSearchParams('status=running'))
    expect(isWanted(filters, row('a'))).toBe(true)
    expect(isWanted(filters, row('a', 'COMPLETED'))).toBe(false)
  })
})
