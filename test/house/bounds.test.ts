import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/reference/bounds.md'), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| what |'))
  .map((line) => line.slice(2, -2).split(' | '))

const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '')

describe('docs/reference/bounds.md', () => {
  test('has a row for each bound: what, how much, who gets which error, which test shows it', () => {
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter((cells) => cells.length !== 4 || cells.some((cell) => cell.trim() === ''))).toEqual([])
  })

  test.each(rows)('%s: %s is in the code', (_what, bound = '') => {
    const named = [...bound.matchAll(/`([\w/.-]+\.(?:ts|lua))` `(\w+)`/g)]
    expect(named.length).toBeGreaterThan(0)
    for (const [, file, name = ''] of named) expect(read(`src/${file}`), file).toMatch(new RegExp(`\\b${name}\\b`))
  })

  test.each(rows)('%s is shown by a test', (_what, _bound, _who, shown = '') => {
    const named = [...shown.matchAll(/`([\w/.-]+)` "([^"]+)"/g)]
    expect(named.length).toBeGreaterThan(0)
    for (const [, file, title = ''] of named) expect(read(`test/${file}.test.ts`), file).toContain(title)
  })
})
