import { describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/kernel/ids.ts'
import { createSkillsets } from '../../src/store/skillsets.ts'
import { engines } from '../conformance/engines.ts'
import { ids } from '../support/run/runs.ts'

const account = 'local' as AccountId
const input = (name: string) => ({ name, description: 'D', instruction: 'I' })

describe.each(engines)('the abilities of a skillset on %s', (_name, open) => {
  async function openShelf() {
    const engine = await open()
    const skillsets = createSkillsets(engine.store, ids)
    const elsewhere = createSkillsets((await engine.elsewhere()).store, ids)
    const { id } = await skillsets.create(account, { abilities: [] })
    const names = async () => (await skillsets.find(account, id))?.abilities.map(({ name }) => name)
    return { skillsets, elsewhere, id, names }
  }

  test('are added concurrently from two processes, and none is lost', async () => {
    const open = await openShelf()
    const added = Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? open.skillsets : open.elsewhere).abilities.create(account, open.id, input(`a${n}`)),
    )
    const ids = (await Promise.all(added)).map(({ id }) => id)
    expect(new Set(ids).size).toBe(20)
    const stored = (await open.skillsets.find(account, open.id))?.abilities ?? []
    expect(stored.map(({ id }) => id).sort()).toEqual([...ids].sort())
  })

  test('are changed and removed one by one, and the others keep their ids', async () => {
    const open = await openShelf()
    const { abilities } = open.skillsets
    const a = await abilities.create(account, open.id, input('a'))
    const b = await abilities.create(account, open.id, { ...input('b'), meta: { x: 1 } })
    expect(await abilities.update(account, { skillset: open.id, id: b.id }, { name: 'b2' })).toEqual({
      id: b.id,
      name: 'b2',
      description: 'D',
      instruction: 'I',
      secretId: null,
      meta: { x: 1 },
    })
    await abilities.remove(account, { skillset: open.id, id: a.id })
    expect((await open.skillsets.find(account, open.id))?.abilities).toMatchObject([{ id: b.id, name: 'b2' }])
    await expect(abilities.remove(account, { skillset: open.id, id: a.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('are limited to a hundred', async () => {
    const open = await openShelf()
    const many = Array.from({ length: 100 }, (_, n) => ({ ...input(`a${n}`), secretId: null, meta: null }))
    await open.skillsets.update(account, open.id, { abilities: many })
    await expect(open.skillsets.abilities.create(account, open.id, input('more'))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    })
    expect(await open.names()).toHaveLength(100)
  })

  test('refuse an unknown secret', async () => {
    const open = await openShelf()
    const { abilities } = open.skillsets
    const missing = { ...input('a'), secretId: ids.resourceId('secret') }
    await expect(abilities.create(account, open.id, missing)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
