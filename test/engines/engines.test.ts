import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ConfigError, type Role, readConfig } from '../../src/config/config.ts'
import { type EngineName, engines, selectEngine } from '../../src/engines/engines.ts'
import { places } from '../conformance/engines.ts'

const names = Object.keys(engines) as readonly EngineName[]

test('every folder of src/engines is in the registry, and every entry has a folder', () => {
  const entries = readdirSync(new URL('../../src/engines/', import.meta.url), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  expect(names.toSorted()).toEqual(folders.toSorted())
})

describe.each(names)('%s', (name) => {
  test('is the engine that its place selects, so that the suites run on it and on no other', async () => {
    const place = await places[name]()
    const { title, isShared } = engines[name]
    expect(selectEngine(readConfig(place.env, 'all'))).toMatchObject({ title, isDurable: true, isShared })
  })

  test('lets API and workers run apart if it is shared, and only then', async () => {
    const place = await places[name]()
    const isAllowed = (role: Role) => {
      try {
        readConfig(place.env, role)
        return true
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        return false
      }
    }
    const { isShared } = engines[name]
    expect([isAllowed('all'), isAllowed('api'), isAllowed('worker')]).toEqual([true, isShared, isShared])
  })

  test('is durable if it is shared: what several processes hold outlives each of them', () => {
    const { isShared, keeps } = engines[name]
    const { isDurable } = keeps(readConfig({ DATA_DIR: 'memory' }, 'all'))
    expect(isShared && !isDurable).toBe(false)
  })
})

test('titles differ, because tests and the start log tell engines apart by them', () => {
  expect(new Set(names.map((name) => engines[name].title)).size).toBe(names.length)
})
