import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const inTicks = (text: string) => [...text.matchAll(/`([^`\s]+)`/g)].map(([, word = '']) => word)

describe('src/README.md', () => {
  const table = read('src/README.md').split('## What is promised, and what shows it\n')[1]?.split('\n## ')[0] ?? ''
  const promises = table
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| promise'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | ?\|$/g, '')))

  test('every promise names a test that is there', () => {
    expect(promises.length).toBeGreaterThan(20)
    for (const [promise = '', , shownBy = ''] of promises) {
      const tests = inTicks(shownBy).filter((name) => !name.startsWith('bench/'))
      expect(tests, promise).not.toEqual([])
      for (const name of tests) {
        const places = name.startsWith('test/') ? [name] : [`test/${name}.test.ts`]
        expect(
          places.some((place) => existsSync(join(root, place))),
          `${promise}: ${name}`,
        ).toBe(true)
      }
    }
  })
})

const files = globSync(['*.*', '{src,test,bench,examples}/**/*.*'], {
  cwd: root,
  exclude: (name) => name === 'node_modules',
})
const pages = files.filter((file) => file.endsWith('README.md'))

test.each(pages)('%s names files and folders that are there', (page) => {
  const words = inTicks(read(page))
  const isFile = (word: string) => /^\w[\w./-]*\.(ts|lua|mjs)$/.test(word)
  const isFolder = (word: string) => /^(bench|src|test|examples)\/[\w/-]+$/.test(word)
  const missing = [
    ...words.filter(isFile).filter((word) => !files.some((file) => `/${file}`.endsWith(`/${word}`))),
    ...words.filter(isFolder).filter((word) => !files.some((file) => file.startsWith(word))),
  ]
  expect(missing).toEqual([])
})
