import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/kernel/ids.ts'
import type { BotFields, ContactFields } from '../../src/store/resource.ts'
import { ids } from '../support/run/runs.ts'
import { type StoreEngine, storeEngines } from './store-engines.ts'

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

describe.each(storeEngines)('the resource store on %s', (_name, open) => {
  let engine: StoreEngine
  beforeAll(async () => {
    engine = await open()
  })
  afterAll(() => engine.close())

  const bots = () => ({ account: newAccount(), kind: 'bot' as const })
  const contacts = () => ({ account: newAccount(), kind: 'contact' as const })
  const newBot = (over: Partial<BotFields> = {}) => ({ id: ids.resourceId('bot'), fields: { ...bot, ...over } })
  const newContact = (over: Partial<ContactFields> = {}) => ({
    id: ids.resourceId('contact'),
    fields: { ...contact, ...over },
  })

  test('gives back what was written, to the last character', async () => {
    const shelf = contacts()
    const meta = { empty: [], none: {}, deep: [[null, false, 0, '', 2 ** 53]], 'a "key"\n': '\u0000\ud800', '√': '💡' }
    const { id, fields } = newContact({ fingerprint: 'f\ud800', name: '', meta })
    const { outcome, resource } = await engine.store.create(shelf, { id, fields })
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
    expect(await engine.elsewhere.find(shelf, [id])).toEqual([resource])
    expect(await engine.store.findByHandle(shelf, 'f\ud800')).toEqual(resource)
    expect(await engine.store.findByHandle(shelf, 'f\ufffd')).toBeNull()
  })

  test('keeps what it has whatever becomes of the objects that went in and came out', async () => {
    const shelf = contacts()
    const meta = { list: [1] }
    const { id, fields } = newContact({ meta })
    const { resource } = await engine.store.create(shelf, { id, fields })
    meta.list.push(2)
    Object.assign(resource.meta ?? {}, { more: true })
    const [found] = await engine.store.find(shelf, [id])
    expect(found?.meta).toEqual({ list: [1] })
  })

  test('a create that is sent again writes nothing again', async () => {
    const shelf = contacts()
    const { id, fields } = newContact({ fingerprint: 'f', name: 'first' })
    const { resource } = await engine.store.create(shelf, { id, fields })
    expect(await engine.store.create(shelf, { id, fields: { ...fields, name: 'again' } })).toEqual({
      outcome: 'written',
      resource,
    })
    expect((await engine.store.page(shelf, null, 10)).items).toEqual([resource])
  })

  test('no account sees, changes or removes what is another one’s', async () => {
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

  test('pages newest first, and what is created and removed meanwhile moves no page', async () => {
    const shelf = bots()
    const made = []
    for (let n = 1; n <= 7; n++) made.push((await engine.store.create(shelf, newBot({ name: `${n}` }))).resource)
    const names = (items: readonly { readonly name: string | null }[]) => items.map(({ name }) => name)

    const first = await engine.store.page(shelf, null, 3)
    expect([names(first.items), first.hasMore]).toEqual([['7', '6', '5'], true])
    await engine.store.create(shelf, newBot({ name: '8' }))
    await engine.store.remove(shelf, made[4]?.id ?? ids.resourceId('bot'))
    await engine.store.remove(shelf, made[2]?.id ?? ids.resourceId('bot'))

    const second = await engine.store.page(shelf, first.items.at(-1)?.place ?? null, 2)
    expect([names(second.items), second.hasMore]).toEqual([['4', '2'], true])
    const third = await engine.store.page(shelf, second.items.at(-1)?.place ?? null, 2)
    expect([names(third.items), third.hasMore]).toEqual([['1'], false])
    expect(names((await engine.store.page(shelf, null, 2)).items)).toEqual(['8', '7'])
  })

  test('a page that holds exactly the rest says so', async () => {
    const shelf = bots()
    for (const name of ['1', '2']) await engine.store.create(shelf, newBot({ name }))
    expect((await engine.store.page(shelf, null, 2)).hasMore).toBe(false)
    expect((await engine.store.page(shelf, null, 1)).hasMore).toBe(true)
  })

  test('an update leaves out what it does not name, clears what is null, and is later than the one before', async () => {
    const shelf = bots()
    const { resource } = await engine.store.create(shelf, newBot({ name: 'a', model: 'demo', backstory: 'b' }))
    const written = async (fields: Partial<BotFields>) => {
      const reply = await engine.store.update(shelf, resource.id, { fields })
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
    expect(await engine.store.update(shelf, ids.resourceId('bot'), { fields: { name: 'z' } })).toBeNull()
    expect(await engine.store.find(shelf, [resource.id])).toEqual([second?.resource])
  })

  test('of updates of what was read, one that comes second to another writes nothing', async () => {
    const shelf = bots()
    const { resource } = await engine.store.create(shelf, newBot())
    const ifUnchangedSince = resource.updatedAt
    const rename = (name: string) =>
      engine.store.update(shelf, resource.id, { fields: { name }, ifUnchangedSince }).then((reply) => reply?.outcome)
    expect((await Promise.all([rename('a'), rename('b'), rename('c')])).sort()).toEqual(['stale', 'stale', 'written'])
    expect(await engine.store.update(shelf, ids.resourceId('bot'), { fields: {}, ifUnchangedSince })).toBeNull()
  })

  test('of updates of different fields at once none is lost', async () => {
    const shelf = bots()
    for (let round = 0; round < 20; round++) {
      const { resource } = await engine.store.create(shelf, newBot())
      await Promise.all([
        engine.store.update(shelf, resource.id, { fields: { name: 'n' } }),
        engine.elsewhere.update(shelf, resource.id, { fields: { description: 'd' } }),
        engine.store.update(shelf, resource.id, { fields: { model: 'm' } }),
        engine.elsewhere.update(shelf, resource.id, { fields: { backstory: 'b' } }),
      ])
      const [found] = await engine.store.find(shelf, [resource.id])
      expect(found).toMatchObject({ name: 'n', description: 'd', model: 'm', backstory: 'b' })
    }
  })

  test('of creates with one handle at once, one writes and the others get what it wrote', async () => {
    const shelf = contacts()
    for (let round = 0; round < 20; round++) {
      const attempts = Array.from({ length: 6 }, (_, n) =>
        (n % 2 === 0 ? engine.store : engine.elsewhere).create(
          shelf,
          newContact({ fingerprint: `${round}`, name: `${n}` }),
        ),
      )
      const replies = await Promise.all(attempts)
      expect(replies.filter(({ outcome }) => outcome === 'written')).toHaveLength(1)
      const winner = replies.find(({ outcome }) => outcome === 'written')
      for (const { resource } of replies) expect(resource).toEqual(winner?.resource)
    }
    expect((await engine.store.page(shelf, null, 100)).items).toHaveLength(20)
  })

  test('a handle is free again once it is changed, cleared or removed, and only then', async () => {
    const shelf = contacts()
    const { resource: ada } = await engine.store.create(shelf, newContact({ fingerprint: 'a' }))
    const { resource: bob } = await engine.store.create(shelf, newContact({ fingerprint: 'b' }))
    const claim = async (fingerprint: string) => {
      const { outcome, resource } = await engine.store.create(shelf, newContact({ fingerprint }))
      if (outcome === 'written') await engine.store.remove(shelf, resource.id)
      return outcome
    }

    const refused = await engine.store.update(shelf, bob.id, { fields: { fingerprint: 'a', name: 'changed' } })
    expect(refused).toEqual({ outcome: 'taken', resource: ada })
    expect(await engine.store.find(shelf, [bob.id])).toEqual([bob])

    await engine.store.update(shelf, ada.id, { fields: { fingerprint: 'a', name: 'Ada' } })
    await engine.store.update(shelf, ada.id, { fields: { name: 'Ada L.' } })
    expect(await claim('a')).toBe('taken')
    await engine.store.update(shelf, ada.id, { fields: { fingerprint: 'a2' } })
    expect([await claim('a'), await claim('a2')]).toEqual(['written', 'taken'])
    await engine.store.update(shelf, ada.id, { fields: { fingerprint: null } })
    expect(await claim('a2')).toBe('written')
    await engine.store.remove(shelf, bob.id)
    expect([await claim('b'), await engine.store.findByHandle(shelf, 'b')]).toEqual(['written', null])
  })

  test('contacts without a fingerprint are as many as one likes', async () => {
    const shelf = contacts()
    for (const name of ['1', '2'])
      expect((await engine.store.create(shelf, newContact({ name }))).outcome).toBe('written')
  })

  test('removes once', async () => {
    const shelf = bots()
    const { resource } = await engine.store.create(shelf, newBot())
    expect(await engine.store.remove(shelf, resource.id)).toBe(true)
    expect(await engine.store.remove(shelf, resource.id)).toBe(false)
    expect(await engine.store.find(shelf, [resource.id])).toEqual([null])
    expect(await engine.store.update(shelf, resource.id, { fields: { name: 'back' } })).toBeNull()
    expect((await engine.store.page(shelf, null, 10)).items).toEqual([])
  })
})
