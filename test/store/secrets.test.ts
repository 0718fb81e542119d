import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/engines/sqlite/database/open-database.ts'
import { createLedger } from '../../src/engines/sqlite/limits/ledger.ts'
import { createEmbeddedStore } from '../../src/engines/sqlite/store/store.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { secretHandle } from '../../src/store/handle.ts'
import { createSecretOpener } from '../../src/store/secret-opener.ts'
import { createSecrets } from '../../src/store/secrets.ts'
import { createVault } from '../../src/store/vault.ts'
import { opened } from '../support/lifetime/opened.ts'
import { ids } from '../support/run/runs.ts'

const [mine, theirs] = ['mine', 'theirs'] as AccountId[] as [AccountId, AccountId]

function open(keys = [randomBytes(32)]) {
  const database = opened(openDatabase(null))
  const store = createEmbeddedStore(database, createLedger(database.sql, 0), () => Date.now())
  const vault = createVault({ keys, randomBytes })
  return { store, secrets: createSecrets({ store, vault, ids }), opener: createSecretOpener(store, vault) }
}

test.each([
  ['weather', 'WEATHER'],
  ['Weather API key', 'WEATHER_API_KEY'],
  ['weather-api.key', 'WEATHER_API_KEY'],
  ['  a1 ', '__A1_'],
  ['clé', 'CL_'],
  ['straße', 'STRASSE'],
  ['密码', null],
  ['_', null],
] as const)('references spell %j as %j', (name, handle) => {
  expect(secretHandle(name)).toBe(handle)
})

test('only its own account can open a secret, by id or by name in any spelling', async () => {
  const { secrets, opener } = open()
  const { id } = await secrets.create(mine, { name: 'Weather API', type: 'bearer', value: 'hunter2' })
  const value = { type: 'bearer', value: 'hunter2' }
  expect(await opener.open(mine, id)).toEqual(value)
  for (const name of ['WEATHER_API', 'weather_api', 'Weather API']) {
    expect(await opener.openByName(mine, name)).toEqual(value)
  }
  expect(await opener.open(theirs, id)).toBeNull()
  expect(await opener.openByName(theirs, 'WEATHER_API')).toBeNull()
  expect(await opener.open(mine, 'no such id')).toBeNull()
  expect(await opener.openByName(mine, '__')).toBeNull()
})

test('value, type and name change independently', async () => {
  const { secrets, opener } = open()
  const { id } = await secrets.create(mine, { name: 'a', value: 'one' })
  expect(await opener.open(mine, id)).toEqual({ type: 'plain', value: 'one' })
  await secrets.update(mine, id, { type: 'basic' })
  expect(await opener.open(mine, id)).toEqual({ type: 'basic', value: 'one' })
  await secrets.update(mine, id, { value: 'two' })
  expect(await opener.open(mine, id)).toEqual({ type: 'basic', value: 'two' })
  await secrets.update(mine, id, { name: 'b', type: null })
  expect(await opener.openByName(mine, 'B')).toEqual({ type: 'plain', value: 'two' })
  expect(await opener.openByName(mine, 'A')).toBeNull()
})

test('no two secrets of an account are spelled alike', async () => {
  const { secrets } = open()
  await secrets.create(mine, { name: 'api key', value: 'one' })
  const { id } = await secrets.create(mine, { name: 'other', value: 'two' })
  const conflict = { code: 'CONFLICT', issues: [{ path: ['input', 'name'] }] }
  await expect(secrets.create(mine, { name: 'API-KEY', value: 'x' })).rejects.toMatchObject(conflict)
  await expect(secrets.update(mine, id, { name: 'Api Key' })).rejects.toMatchObject(conflict)
  await secrets.create(theirs, { name: 'api key', value: 'x' })
})

test('a sealed value in the place of another does not open', async () => {
  const { store, secrets, opener } = open()
  const low = await secrets.create(mine, { name: 'low', value: 'public' })
  const high = await secrets.create(mine, { name: 'high', value: 'hunter2' })
  await store.update({ account: mine, kind: 'secret' }, low.id, { fields: { sealed: high.sealed } })
  await expect(opener.open(mine, low.id)).rejects.toThrow()
})

test('without a vault nothing is stored or opened, and the message names SECRETS_KEY', async () => {
  const { store, secrets } = open()
  const { id } = await secrets.create(mine, { name: 'a', value: 'one' })
  const without = createSecrets({ store, vault: null, ids })
  const unavailable = { code: 'UNAVAILABLE', message: expect.stringContaining('SECRETS_KEY') }
  await expect(without.create(mine, { name: 'b', value: 'x' })).rejects.toMatchObject(unavailable)
  await expect(without.update(mine, id, { value: 'x' })).rejects.toMatchObject(unavailable)
  await expect(createSecretOpener(store, null).open(mine, id)).rejects.toMatchObject(unavailable)
  await without.update(mine, id, { name: 'renamed' })
  expect(await createSecretOpener(store, null).openByName(mine, 'a')).toBeNull()
})
