import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './imports.ts'
import { readPage } from './pages.ts'

const decisions = readdirSync(join(root, 'docs/decisions')).filter((file) => file !== 'README.md')

test.each(decisions)('the decision %s says its date, the context, the choice, and what was given up', (file) => {
  const [, date] = /^(\d{4}-\d\d-\d\d)-[a-z0-9-]+\.md$/.exec(file) ?? []
  const text = readPage(`docs/decisions/${file}`)
  expect(text).toMatch(new RegExp(`^# .+\\n\\n${date}\\n`))
  for (const part of ['Context', 'Choice', 'Given up']) expect(text.split(`\n**${part}.** `)).toHaveLength(2)
})

test('the index of decisions has each of them once, by its title', () => {
  const index = readPage('docs/decisions/README.md')
  const listed = [...index.matchAll(/^- \[(.+)\]\((\S+)\)$/gm)].map(([, title, file]) => [file, title])
  const titles = decisions.map((file) => [file, /^# (.+)$/m.exec(readPage(`docs/decisions/${file}`))?.[1]])
  expect(listed.sort()).toEqual(titles.sort())
})

test('README is read in three minutes', () => {
  expect(readPage('README.md').split('\n').length - 1).toBeLessThanOrEqual(120)
})

test('every finding has the form of findings/README.md', () => {
  for (const file of readdirSync(join(root, 'findings')).filter((name) => name !== 'README.md')) {
    expect(file).toMatch(/^[a-z0-9-]+\.sh$/)
    const text = readPage(`findings/${file}`)
    const [head = ''] = text.split('\nset -euo pipefail\n')
    expect(head, file).toMatch(/^#!\/usr\/bin\/env bash\n# \d{4}-\d\d-\d\d/)
    for (const part of [/swear/i, /it is/i, /seen/i, /src\/|test\//]) expect(head, file).toMatch(part)
    expect(text, file).toMatch(/mktemp -d/)
    expect(text, file).toMatch(/exit 1/)
  }
})
