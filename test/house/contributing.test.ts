import { existsSync, globSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { engines } from '../../src/engines/engines.ts'
import { registry } from '../../src/models/providers.ts'
import { root, textOf } from './imports.ts'
import { inTicks, readPage, tableRows } from './pages.ts'

/** The files of a list; those that one makes, whose paths hold a NAME, apart. */
function listed(heading: string) {
  const paths = tableRows('CONTRIBUTING.md', heading).flatMap(([file = '']) => inTicks(file))
  expect(paths.length).toBeGreaterThan(3)
  return { old: paths.filter((path) => !path.includes('NAME')), made: paths.filter((path) => path.includes('NAME')) }
}

const headings = ['Add a kind of event', 'Add a provider', 'Add an engine', 'Add an API']

test.each(headings)(
  '%s: every file that is changed is there, and every file that is made has its folder',
  (heading) => {
    const { old, made } = listed(heading)
    expect(old.filter((path) => !existsSync(join(root, path)))).toEqual([])
    expect(made.filter((path) => !existsSync(join(root, path.replace(/\/[^/]*NAME.*$/, ''))))).toEqual([])
  },
)

test.each(headings)('%s: what is said to fail is the compiler, or a test that is there', (heading) => {
  const tests = tableRows('CONTRIBUTING.md', heading).flatMap(([, , fails = '']) => inTicks(fails))
  expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

/** The files in which every one of these names stands. */
function namingAll(names: readonly RegExp[], where: readonly string[]): readonly string[] {
  const files = globSync([...where], { cwd: root }).filter((file) => !file.includes('/generated/'))
  return files.filter((file) => names.every((name) => name.test(readPage(file)))).sort()
}

describe('kinds of events', () => {
  const types = [...textOf('conversation/event.ts').matchAll(/^ {2}readonly type: '([a-z]+-[a-z-]+)'$/gm)]
  const names = types.map(([, type = '']) => {
    const graphqlName = type.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
    return new RegExp(`\\b(${type}|${graphqlName})\\b`)
  })
  const { old } = listed('Add a kind of event')

  const ours = ['src/**/*.ts', 'client/src/**/*.ts', 'console/src/**/*.{ts,tsx}']
  const where = [...ours, 'examples/**/*.{ts,graphql}', 'test/support/**/*.ts']
  /** Files that name every kind, or have a table over all kinds, all facts or all filtered kinds. */
  const places = new Set([
    ...namingAll(names, where),
    ...namingAll([/\b(ByEventType|EventHandlers|FactHandlers)<|\bin FilteredType\]/], ['src/**/*.ts']),
  ])
  places.delete('src/conversation/event-table.ts')

  test('every file that tells them apart is in the list, and every file of the list does', () => {
    expect(names.length).toBeGreaterThan(15)
    expect([...old].sort()).toEqual([...places].sort())
  })

  test('what is written by a command names them all', () => {
    const [, written = ''] = /Then `npm run codegen`([^#]*?)\n\n/.exec(readPage('CONTRIBUTING.md')) ?? []
    const files = inTicks(written).filter((word) => existsSync(join(root, word)))
    expect(files).toHaveLength(4)
    for (const file of files) for (const name of names) expect(readPage(file)).toMatch(name)
  })
})

describe('providers', () => {
  const names = Object.keys(registry).map((name) => new RegExp(`\\b${name}\\b`, 'i'))
  const { old } = listed('Add a provider')

  test('every file of the source that names them all is in the list', () => {
    expect(namingAll(names, ['src/**/*.ts'])).toEqual(old.filter((file) => file.startsWith('src/')).sort())
  })

  test('every file of the list names them all', () => {
    // Those of the configuration name its variables.
    const naming = old.filter((file) => !file.startsWith('test/config/'))
    expect(namingAll(names, naming)).toEqual([...naming].sort())
  })

  test('the guide has every provider and its variable', () => {
    const rows = tableRows('docs/guides/models.md', 'Models')
    for (const { ids, variable } of Object.values(registry)) {
      for (const id of ids) {
        const row = rows.find(([name]) => name?.startsWith(`\`${id}:`))
        expect(row, id).toBeDefined()
        if (id === ids[0]) expect(row?.[1]).toContain(`\`${variable}\``)
      }
    }
  })
})

const foldersOf = (room: string) =>
  readdirSync(join(root, 'src', room), { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map(({ name }) => name)

test('every engine has its entry in engines.ts', () => {
  expect(Object.keys(engines).sort()).toEqual(foldersOf('engines').sort())
})

test('every API has its entry in apis.ts, and a guide', () => {
  const apis = foldersOf('api').filter((name) => name !== 'streaming' && name !== 'facade')
  expect(apis.length).toBeGreaterThan(1)
  for (const name of apis) expect(textOf('api/apis.ts')).toContain(`from './${name}/api.ts'`)
  // Most guides are GraphQL's.
  const others = apis.filter((name) => name !== 'graphql')
  expect(others.filter((name) => !existsSync(join(root, `docs/guides/${name}.md`)))).toEqual([])
})
