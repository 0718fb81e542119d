import { beforeAll, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/kernel/ids.ts'
import type { BotFields, ContactFields } from '../../src/store/resource.ts'
import { ids } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

const bot: BotFields = {
  name: null,
  description: null,
  model: null,
  backstory: null,
  datasetId: null,
  skillsetId: null,
}
const contact: ContactFields = {
  fingerprint: null,
  name: null,
  description: null,
  email: null,
  phone: null,
  nick: null,
  meta: null,
}

/** An account that no other test has. */
const newAccount = () => `account-${ids.nonce()}` as AccountId

describe.each(engines)('the resource store on %s', (_name, open) => {
  let engine: Engine
  let elsewhere: Engine
  beforeAll(async () => {
    engine = await open()
    elsewhere = await engine.elsewhere()
  })

  const bots = () => ({ account: newAccount(), kind: 'bot' as const })
  const contacts = () => ({ account: newAccount(), kind: 'contact' as const })
  const newBot = (over: Partial<BotFields> = {}) => ({ id: ids.resourceId('bot'), fields: { ...bot, ...over } })
  const newContact = (over: Partial<ContactFields> = {}) => ({
    id: ids.resourceId('contact'),
    fields: { ...contact, ...over },
  })

  test('gives back what was written, to the last character', async () => {
    const collection = contacts()
    const meta = { empty: [], none: {}, deep: [[null, false, 0, '', 2 ** 53]], 'a "key"\n': '\u0000\ud800', '√': '💡' }
    const { id, fields } = newContact({ fingerprint: 'f\ud800', name: '', meta })
    const { outcome, resource } = await engine.store.create(collection, { id, fields })
    expect(outcome).toBe('written')
    expect(resource).toEqual({
      id,
      place: 1,
      createdAt: resource.updatedAt,
      updatedAt: resource.createdAt,
      fingerprint: 'f\ud800',
      name: '',
      description: null,
      email: null,
      phone: null,
      nick: null,
      meta,
    })
    expect(Math.abs(resource.createdAt - Date.now())).toBeLessThan(60_000)
    expect(await elsewhere.store.find(collection, [id])).toEqual([resource])
    expect(await engine.store.findByHandle(collection, 'f\ud800')).toEqual(resource)
    expect(await engine.store.findByHandle(collection, 'f\ufffd')).toBeNull()
  })

  test('keeps what it has whatever becomes of the objects that went in and came out', async () => {
    const collection = contacts()
    const meta = { list: [1] }
    const { id, fields } = newContact({ meta })
    const { resource } = await engine.store.create(collection, { id, fields })
    meta.list.push(2)
    Object.assign(resource.meta ?? {}, { more: true })
    const [found] = await engine.store.find(collection, [id])
    expect(found?.meta).toEqual({ list: [1] })
  })

  test('a repeated create writes nothing', async () => {
    const collection = contacts()
    const { id, fields } = newContact({ fingerprint: 'f', name: 'first' })
    const { resource } = await engine.store.create(collection, { id, fields })
    expect(await engine.store.create(collection, { id, fields: { ...fields, name: 'again' } })).toEqual({
      outcome: 'written',
      resource,
    })
    expect((await engine.store.page(collection, null, 10)).items).toEqual([resource])
  })

  test('no account sees, changes or removes resources of another', async () => {
    const [mine, theirs] = [contacts(), contacts()]
    const { id, fields } = newContact({ fingerprint: 'f' })
    const { resource } = await engine.store.create(mine, { id, fields })
    expect(await engine.store.find(theirs, [id])).toEqual([null])
    expect(await engine.store.findByHandle(theirs, 'f')).toBeNull()
    expect(await engine.store.page(theirs, null, 10)).toEqual({ items: [], hasMore: false })
    expect(await engine.store.update(theirs, id, { fields: { name: 'stolen' } })).toBeNull()
    expect(await engine.store.remove(theirs, id)).toBe(false)
    expect((await engine.store.create(theirs, newContact({ fingerprint: 'f' }))).outcome).toBe('written')
    expect(await engine.store.find(mine, [id])).toEqual([resource])
    expect(await engine.store.find({ account: mine.account, kind: 'bot' }, [id])).toEqual([null])
  })

  test('pages newest first, and concurrent creates and removes shift no page', async () => {
    const collection = bots()
    const made = []
    for (let n = 1; n <= 7; n++) made.push((await engine.store.create(collection, newBot({ name: `${n}` }))).resource)
    const names = (items: readonly { readonly name: string | null }[]) => items.map(({ name }) => name)

    const first = await engine.store.page(collection, null, 3)
    expect([names(first.items), first.hasMore]).toEqual([['7', '6', '5'], true])
    await engine.store.create(collection, newBot({ name: '8' }))
    await engine.store.remove(collection, made[4]?.id ?? ids.resourceId('bot'))
    await engine.store.remove(collection, made[2]?.id ?? ids.resourceId('bot'))

    const second = await engine.store.page(collection, first.items.at(-1)?.place ?? null, 2)
    expect([names(second.items), second.hasMore]).toEqual([['4', '2'], true])
    const third = await engine.store.page(collection, second.items.at(-1)?.place ?? null, 2)
    expect([names(third.items), third.hasMore]).toEqual([['1'], false])
    expect(names((await engine.store.page(collection, null, 2)).items)).toEqual(['8', '7'])
  })

  test('a page with exactly the rest has no next page', async () => {
    const collection = bots()
    for (const name of ['1', '2']) await engine.store.create(collection, newBot({ name }))
    expect((await engine.store.page(collection, null, 2)).hasMore).toBe(false)
    expect((await engine.store.page(collection, null, 1)).hasMore).toBe(true)
  })

  test('an update keeps absent fields, clears null ones, and increases updatedAt', async () => {
    const collection = bots()
    const { resource } = await engine.store.create(collection, newBot({ name: 'a', model: 'demo', backstory: 'b' }))
    const written = async (fields: Partial<BotFields>) => {
      const reply = await engine.store.update(collection, resource.id, { fields })
      return reply?.outcome === 'written' ? reply : null
    }
    const first = await written({ name: 'z', backstory: null })
    const second = await written({})
    expect(first).toEqual({
      outcome: 'written',
      resource: { ...resource, name: 'z', backstory: null, updatedAt: expect.any(Number) },
    })
    expect(first?.resource.updatedAt).toBeGreaterThan(resource.updatedAt)
    expect(second?.resource.updatedAt).toBeGreaterThan(first?.resource.updatedAt ?? Number.POSITIVE_INFINITY)
    expect(await engine.store.update(collection, ids.resourceId('bot'), { fields: { name: 'z' } })).toBeNull()
    expect(await engine.store.find(collection, [resource.id])).toEqual([second?.resource])
  })

  test('of two compare-and-set updates, the second writes nothing', async () => {
    const collection = bots()
    const { resource } = await engine.store.create(collection, newBot())
    const ifUnchangedSince = resource.updatedAt
    const rename = (name: string) =>
      engine.store
        .update(collection, resource.id, { fields: { name }, ifUnchangedSince })
        .then((reply) => reply?.outcome)
    expect((await Promise.all([rename('a'), rename('b'), rename('c')])).sort()).toEqual(['stale', 'stale', 'written'])
    expect(await engine.store.update(collection, ids.resourceId('bot'), { fields: {}, ifUnchangedSince })).toBeNull()
  })

  test('concurrent updates of different fields all take effect', async () => {
    const collection = bots()
    for (let round = 0; round < 20; round++) {
      const { resource } = await engine.store.create(collection, newBot())
      await Promise.all([
        engine.store.update(collection, resource.id, { fields: { name: 'n' } }),
        elsewhere.store.update(collection, resource.id, { fields: { description: 'd' } }),
        engine.store.update(collection, resource.id, { fields: { model: 'm' } }),
        elsewhere.store.update(collection, resource.id, { fields: { backstory: 'b' } }),
      ])
      const [found] = await engine.store.find(collection, [resource.id])
      expect(found).toMatchObject({ name: 'n', description: 'd', model: 'm', backstory: 'b' })
    }
  })

  test('of concurrent creates with one handle, one writes and the others return its resource', async () => {
    const collection = contacts()
    for (let round = 0; round < 20; round++) {
      const attempts = Array.from({ length: 6 }, (_, n) =>
        (n % 2 === 0 ? engine.store : elsewhere.store).create(
          collection,
          newContact({ fingerprint: `${round}`, name: `${n}` }),
        ),
      )
      const replies = await Promise.all(attempts)
      expect(replies.filter(({ outcome }) => outcome === 'written')).toHaveLength(1)
      const winner = replies.find(({ outcome }) => outcome === 'written')
      for (const { resource } of replies) expect(resource).toEqual(winner?.resource)
    }
    expect((await engine.store.page(collection, null, 100)).items).toHaveLength(20)
  })

  test('a handle is free again only once it is changed, cleared or removed', async () => {
    const collection = contacts()
    const { resource: ada } = await engine.store.create(collection, newContact({ fingerprint: 'a' }))
    const { resource: bob } = await engine.store.create(collection, newContact({ fingerprint: 'b' }))
    const claim = async (fingerprint: string) => {
      const { outcome, resource } = await engine.store.create(collection, newContact({ fingerprint }))
      if (outcome === 'written') await engine.store.remove(collection, resource.id)
      return outcome
    }

    const refused = await engine.store.update(collection, bob.id, { fields: { fingerprint: 'a', name: 'changed' } })
    expect(refused).toEqual({ outcome: 'taken', resource: ada })
    expect(await engine.store.find(collection, [bob.id])).toEqual([bob])

    await engine.store.update(collection, ada.id, { fields: { fingerprint: 'a', name: 'Ada' } })
    await engine.store.update(collection, ada.id, { fields: { name: 'Ada L.' } })
    expect(await claim('a')).toBe('taken')
    await engine.store.update(collection, ada.id, { fields: { fingerprint: 'a2' } })
    expect([await claim('a'), await claim('a2')]).toEqual(['written', 'taken'])
    await engine.store.update(collection, ada.id, { fields: { fingerprint: null } })
    expect(await claim('a2')).toBe('written')
    await engine.store.remove(collection, bob.id)
    expect([await claim('b'), await engine.store.findByHandle(collection, 'b')]).toEqual(['written', null])
  })

  test('any number of contacts may have no fingerprint', async () => {
    const collection = contacts()
    for (const name of ['1', '2'])
      expect((await engine.store.create(collection, newContact({ name }))).outcome).toBe('written')
  })

  test('removes only once', async () => {
    const collection = bots()
    const { resource } = await engine.store.create(collection, newBot())
    expect(await engine.store.remove(collection, resource.id)).toBe(true)
    expect(await engine.store.remove(collection, resource.id)).toBe(false)
    expect(await engine.store.find(collection, [resource.id])).toEqual([null])
    expect(await engine.store.update(collection, resource.id, { fields: { name: 'back' } })).toBeNull()
    expect((await engine.store.page(collection, null, 10)).items).toEqual([])
  })
})
