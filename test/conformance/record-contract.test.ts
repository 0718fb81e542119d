import { beforeAll, describe, expect, test } from 'vitest'
import type { AccountId, ResourceId } from '../../src/kernel/ids.ts'
import type { DatasetRecord } from '../../src/store/resource.ts'
import { ids } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

const limits = { records: 3, bytes: 30 }

describe.each(engines)('the record store on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const record = (text: string, meta: DatasetRecord['meta'] = null): DatasetRecord => ({
    id: ids.resourceId('record'),
    text,
    meta,
  })
  const newDataset = async (records: readonly DatasetRecord[] = []) => {
    const account = `account-${ids.nonce()}` as AccountId
    const collection = { account, kind: 'dataset' as const }
    const fields = { name: 'd', description: null }
    const { resource } = await engine.store.create(collection, { id: ids.resourceId('dataset'), fields, records })
    const key = { account, dataset: resource.id }
    const texts = async () => (await engine.records.page(key, null, 100)).items.map(({ text }) => text)
    const updatedAt = async () => (await engine.store.find(collection, [resource.id]))[0]?.updatedAt ?? 0
    return { collection, key, texts, updatedAt }
  }
  const unknown = () => ids.resourceId('record')

  test('returns records in the order in which they were added, unchanged', async () => {
    const given = [record('b', { a: [], '\ud800': {} }), record('a\ud800'), record('')]
    const { key } = await newDataset(given)
    const added = record('c')
    expect(await engine.records.add(key, added, { ...limits, records: 4, bytes: 1000 })).toEqual({
      outcome: 'written',
      record: added,
    })
    const { items, hasMore } = await engine.records.page(key, null, 100)
    expect(items).toEqual([...given, added].map((each, index) => ({ ...each, place: index + 1 })))
    expect(hasMore).toBe(false)
  })

  test('pages after a place while records are added and removed', async () => {
    const { key } = await newDataset([record('1'), record('2'), record('3'), record('4')])
    const first = await engine.records.page(key, null, 2)
    expect(first).toMatchObject({ items: [{ text: '1' }, { text: '2' }], hasMore: true })
    await engine.records.remove(key, first.items[1]?.id ?? unknown())
    await engine.records.add(key, record('5'), { records: 10, bytes: 1000 })
    const second = await engine.records.page(key, first.items[1]?.place ?? null, 2)
    expect(second).toMatchObject({ items: [{ text: '3' }, { text: '4' }], hasMore: true })
    const third = await engine.records.page(key, second.items[1]?.place ?? null, 2)
    expect(third).toMatchObject({ items: [{ text: '5' }], hasMore: false })
  })

  test('an update keeps the place, and the meta unless one is given', async () => {
    const [one, two] = [record('1', { n: 1 }), record('2')]
    const { key, texts } = await newDataset([one, two])
    const generous = { limits: { records: 3, bytes: 1000 } }
    expect(await engine.records.update(key, one.id, { text: 'one', ...generous })).toEqual({
      outcome: 'written',
      record: { id: one.id, text: 'one', meta: { n: 1 } },
    })
    expect(await engine.records.update(key, one.id, { text: 'one', meta: null, ...generous })).toEqual({
      outcome: 'written',
      record: { id: one.id, text: 'one', meta: null },
    })
    expect(await texts()).toEqual(['one', '2'])
  })

  test('refuses records over the limit, and an update of a missing record', async () => {
    const { key, texts } = await newDataset([record('1'), record('2')])
    expect((await engine.records.add(key, record('3'), limits)).outcome).toBe('written')
    expect(await engine.records.add(key, record('4'), limits)).toEqual({ outcome: 'full' })
    expect(await texts()).toEqual(['1', '2', '3'])
  })

  test('refuses bytes over the limit, and counts removed ones', async () => {
    // As JSON a text has two bytes more; "é" has two.
    const { key } = await newDataset([record('é'.repeat(4))])
    const write = async (text: string) => (await engine.records.add(key, record(text), limits)).outcome
    expect(await write('x'.repeat(19))).toBe('full')
    expect(await write('x'.repeat(18))).toBe('written')
    expect(await write('')).toBe('full')
    const [first, second] = (await engine.records.page(key, null, 10)).items
    const update = async (id: ResourceId | undefined, text: string) =>
      (await engine.records.update(key, id ?? unknown(), { text, limits })).outcome
    expect(await update(first?.id, 'x'.repeat(9))).toBe('full')
    expect(await update(first?.id, 'x'.repeat(7))).toBe('written')
    expect(await update(first?.id, 'x'.repeat(8))).toBe('written')
    await engine.records.remove(key, second?.id ?? unknown())
    expect(await write('x'.repeat(18))).toBe('written')
    expect(await write('')).toBe('full')
  })

  test('replacing all records leaves none of the old ones, neither stored nor counted', async () => {
    const { key, collection, texts } = await newDataset([record('x'.repeat(26))])
    await engine.store.update(collection, key.dataset, { fields: { name: 'kept' } })
    expect(await texts()).toEqual(['x'.repeat(26)])
    await engine.store.update(collection, key.dataset, { fields: {}, records: [record('1'), record('2')] })
    expect(await texts()).toEqual(['1', '2'])
    expect((await engine.records.add(key, record('x'.repeat(22)), limits)).outcome).toBe('written')
    await engine.store.update(collection, key.dataset, { fields: {}, records: [] })
    expect(await texts()).toEqual([])
    expect((await engine.records.add(key, record('x'.repeat(28)), limits)).outcome).toBe('written')
  })

  test('changing a record changes its dataset', async () => {
    const { key, updatedAt } = await newDataset()
    const added = record('1')
    const times = [await updatedAt()]
    await engine.records.add(key, added, limits)
    times.push(await updatedAt())
    await engine.records.update(key, added.id, { text: '2', limits })
    times.push(await updatedAt())
    await engine.records.remove(key, added.id)
    times.push(await updatedAt())
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    expect(times).toHaveLength(4)
  })

  test('operations on unknown records and datasets find nothing', async () => {
    const { key, collection, texts } = await newDataset([record('1')])
    const [first] = (await engine.records.page(key, null, 1)).items
    const elsewhere = (await newDataset()).key
    const id = first?.id ?? unknown()
    for (const [where, what] of [
      [key, unknown()],
      [elsewhere, id],
      [{ account: elsewhere.account, dataset: key.dataset }, id],
    ] as const) {
      expect(await engine.records.update(where, what, { text: 'x', limits })).toEqual({ outcome: 'missing' })
      expect(await engine.records.remove(where, what)).toBe(false)
    }
    const theirs = { account: elsewhere.account, dataset: key.dataset }
    expect(await engine.records.add(theirs, record('x'), limits)).toEqual({ outcome: 'missing' })
    expect(await texts()).toEqual(['1'])

    await engine.store.remove(collection, key.dataset)
    expect(await engine.records.page(key, null, 10)).toEqual({ items: [], hasMore: false })
    expect(await engine.records.add(key, record('x'), limits)).toEqual({ outcome: 'missing' })
  })
})
