import { expect, test } from 'vitest'
import { localAccount } from '../../src/kernel/ids.ts'
import { createCollection } from '../../src/store/collection.ts'
import type { Resource } from '../../src/store/resource.ts'
import type { ResourceStore } from '../../src/store/store.ts'

/** 100 bots whose backstories have so many characters, newest first; counts how many are loaded. */
function bots(characters: number) {
  const all = Array.from({ length: 100 }, (_, n) => ({ place: 100 - n, backstory: 'x'.repeat(characters) }))
  let loaded = 0
  const page: ResourceStore['page'] = async (_collection, before, limit) => {
    const rest = all.filter(({ place }) => before === null || place < before)
    loaded += Math.min(limit, rest.length)
    return { items: rest.slice(0, limit) as unknown as Resource<never>[], hasMore: rest.length > limit }
  }
  const { collection } = createCollection({ page } as ResourceStore, 'bot')
  return {
    page: (before: number | null, limit: number) => collection.page(localAccount, before, limit),
    loaded: () => loaded,
  }
}

test('a page of small resources has as many as were asked for', async () => {
  const { page } = bots(10)
  const { items, hasMore } = await page(null, 55)
  expect(items.map(({ place }) => place)).toEqual(Array.from({ length: 55 }, (_, n) => 100 - n))
  expect(hasMore).toBe(true)
  expect(await page(2, 100)).toMatchObject({ items: [{ place: 1 }], hasMore: false })
  expect(await page(null, 100)).toMatchObject({ hasMore: false })
})

test('a page of large resources ends early, and the next one goes on', async () => {
  const { page, loaded } = bots(1_000_000)
  const { items, hasMore } = await page(null, 100)
  expect(items.map(({ place }) => place)).toEqual(Array.from({ length: 20 }, (_, n) => 100 - n))
  expect(hasMore).toBe(true)
  expect(loaded()).toBe(20)
  expect((await page(81, 100)).items[0]?.place).toBe(80)
})
