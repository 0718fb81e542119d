import { beforeAll, describe, expect, test } from 'vitest'
import { localAccount } from '../../src/kernel/ids.ts'
import { createContacts } from '../../src/store/contacts.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { ids } from '../support/run/runs.ts'

describe.each(engines)('finding or creating contacts, on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  test('two concurrent calls create one contact, and a stored one does not change', async () => {
    const other = await engine.elsewhere()
    const [here, there] = [createContacts(engine.store, ids), createContacts(other.store, ids)]
    for (let round = 0; round < 20; round++) {
      const fingerprint = `person ${round}`
      const found = await Promise.all(
        [here, there, here, there].map((contacts, n) => contacts.ensure(localAccount, { fingerprint, name: `${n}` })),
      )
      expect(new Set(found.map(({ id, name }) => `${id} ${name}`)).size).toBe(1)
    }
    const { id } = await here.ensure(localAccount, { fingerprint: 'person 0' })
    await here.update(localAccount, id, { name: 'Ada' })
    const input = { fingerprint: 'person 0', name: 'Eve', meta: { a: 1 } }
    expect(await there.ensure(localAccount, input)).toMatchObject({ id, name: 'Ada', meta: null })
    expect((await here.page(localAccount, null, 100)).items).toHaveLength(20)
    await here.remove(localAccount, id)
    expect((await there.ensure(localAccount, input)).id).not.toBe(id)
  })
})
