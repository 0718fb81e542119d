import { describe, expect, test } from 'vitest'
import { configurationTable } from '../../src/config/table.ts'
import { featureNames } from '../../src/extensions/feature/table.ts'
import { unknownAction } from '../../src/extensions/instruction/action.ts'
import { textOf } from './imports.ts'
import { inTicks, readPage, tableRows } from './pages.ts'
import { referenceTables, withTables } from './reference-tables.ts'

test.each(Object.entries(referenceTables))('the table %s is as the code has it', (name, { page, text }) => {
  expect(text().split('\n').length, name).toBeGreaterThan(5)
  // `npm run reference` writes it.
  expect(readPage(page)).toBe(withTables(page, readPage(page)))
})

test('the configuration reference names every variable once, with its default', () => {
  const page = readPage('docs/reference/configuration.md')
  expect(configurationTable.length).toBeGreaterThan(30)
  for (const { name, default: value } of configurationTable) {
    expect(page.split(`\n| \`${name}\` | ${value === null ? '' : `\`${value}\``} | `), name).toHaveLength(2)
  }
})

describe('the limits', () => {
  const sections = ['One dispatch', 'One run', 'One request or watcher', 'How often, how long', 'Stored']
  const rows = sections.flatMap((section) => tableRows('docs/reference/limits.md', section))
  expect(rows.length).toBeGreaterThan(30)

  test.each(rows)('%s: %s, as in %s', (_, bound = '', from = '') => {
    const [file = '', name = ''] = inTicks(from)
    const definitions = [...textOf(file).matchAll(new RegExp(`\\b${name}(?: =|:) ([0-9_]+)`, 'g'))]
    expect(definitions.map(([, value = '']) => Number(value.replaceAll('_', '')))).toContain(
      Number(bound.replaceAll(',', '')),
    )
  })
})

test('every event that the schema has is in the table of events, with every field of its own', () => {
  const rows = tableRows('docs/reference/events.md', 'Events')
  const kinds = [...readPage('schema.graphql').matchAll(/^type (\w+) implements ChannelEvent \{(.+?)^\}/gms)]
  expect(kinds.length).toBeGreaterThan(15)
  expect(rows.map(([name]) => name).sort()).toEqual(kinds.map(([, name]) => `\`${name}\``).sort())
  for (const [, name, body = ''] of kinds) {
    const fields = [...body.matchAll(/^ {2}(\w+): /gm)].map(([, field = '']) => field)
    const row = rows.find(([event]) => event === `\`${name}\``)
    const shown = [...(row?.[3] ?? '').matchAll(/`(\w+): /g)].map(([, field = '']) => field)
    expect([...shown, 'at', 'channelId', 'cursor'].sort()).toEqual(fields.sort())
  }
})

describe('what the guides list', () => {
  const firstCells = (page: string, heading: string) => tableRows(page, heading).flatMap(([cell = '']) => inTicks(cell))
  const enumValues = (name: string) => {
    const [, body = ''] = new RegExp(`^enum ${name} \\{(.+?)^\\}`, 'ms').exec(readPage('schema.graphql')) ?? []
    return [...body.matchAll(/^ {2}([A-Z]+)$/gm)].map(([, value = '']) => value)
  }

  test('every feature, and no other', () => {
    expect(firstCells('docs/guides/extensions.md', 'Features').sort()).toEqual([...featureNames].sort())
  })

  test('every action of an ability', () => {
    const actions = firstCells('docs/guides/extensions.md', 'Abilities')
    const [, told = ''] = /an ability can (.+)\.$/.exec(unknownAction('')) ?? []
    expect(actions.sort()).toEqual(told.split(/, | or /).sort())
  })

  test('every status of a dispatch', () => {
    expect(firstCells('docs/guides/dispatching.md', 'Looking at it').sort()).toEqual(
      enumValues('DispatchStatus').sort(),
    )
  })

  test('every permission of a channel token', () => {
    const permissions = firstCells('docs/guides/access.md', 'Channel tokens')
    expect(permissions.sort()).toEqual(enumValues('ChannelPermission').sort())
  })
})
