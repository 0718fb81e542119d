import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { root, textOf } from './imports.ts'
import { inTicks, readPage, tableRows } from './pages.ts'
import { referenceTables, withTables } from './reference-tables.ts'

test.each(Object.entries(referenceTables))('the table %s is as the code has it', (name, { page, text }) => {
  expect(text().split('\n').length, name).toBeGreaterThan(5)
  // `npm run reference` writes it.
  expect(readPage(page)).toBe(withTables(page, readPage(page)))
})

test('the configuration table names every variable, with its default', () => {
  const page = readPage('docs/reference/configuration.md')
  const source = readFileSync(join(root, 'src/config/config.ts'), 'utf8')
  const variables = [...source.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name)
  expect(variables.length).toBeGreaterThan(8)
  for (const name of variables) expect(page).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\|`, 'm'))
  const { port, host, defaultModel, workerConcurrency, leaseMs, retentionSeconds, recordRetentionSeconds } = readConfig(
    {},
    'all',
  )
  for (const value of [
    port,
    host,
    defaultModel,
    workerConcurrency,
    leaseMs,
    retentionSeconds,
    recordRetentionSeconds,
  ]) {
    expect(page).toContain(`| \`${value}\` |`)
  }
})

describe('the limits', () => {
  const sections = ['One dispatch', 'One run', 'One request or watcher', 'Stored']
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
    const shown = [...(row?.[2] ?? '').matchAll(/`(\w+): /g)].map(([, field = '']) => field)
    expect([...shown, 'at', 'channelId', 'cursor'].sort()).toEqual(fields.sort())
  }
})
