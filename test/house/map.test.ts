import { existsSync, globSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './imports.ts'
import { inTicks, pages, readPage, tableRows } from './pages.ts'

test('every promise of docs/promises.md names a test that is there', () => {
  const promises = tableRows('docs/promises.md', 'What is promised, and what shows it')
  expect(promises.length).toBeGreaterThan(20)
  for (const [promise = '', , shownBy = ''] of promises) {
    const tests = inTicks(shownBy).filter((name) => !name.startsWith('bench/'))
    expect(tests, promise).not.toEqual([])
    for (const name of tests) {
      const place = name.startsWith('test/') ? name : `test/${name}.test.ts`
      expect(existsSync(join(root, place)), `${promise}: ${name}`).toBe(true)
    }
  }
})

const files = globSync(['*.*', '{src,client,console,test,bench,examples,docs,findings}/**/*.*'], {
  cwd: root,
  exclude: (name) => name === 'node_modules',
})

test.each(pages)('%s names files and folders that are there', (page) => {
  const words = inTicks(readPage(page))
  // NAME stands for one that is to be made.
  const isFile = (word: string) => /^\w[\w./-]*\.(ts|lua|mjs)$/.test(word) && !word.includes('NAME')
  const isFolder = (word: string) => /^(bench|src|test|examples|docs)\/[\w/-]+$/.test(word)
  const missing = [
    ...words.filter(isFile).filter((word) => !files.some((file) => `/${file}`.endsWith(`/${word}`))),
    ...words.filter(isFolder).filter((word) => !files.some((file) => file.startsWith(word))),
  ]
  expect(missing).toEqual([])
})

/** As GitHub makes them of headings. */
const anchorsOf = (page: string) =>
  [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

test.each(pages)('%s links to pages, files and headings that are there', (page) => {
  const prose = readPage(page).replace(/^```[\s\S]*?^```/gm, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, link, source]) => link ?? source)
  const missing = links.filter((link = '') => {
    if (/^https?:/.test(link)) return false
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : normalize(join(dirname(page), path))
    if (!existsSync(join(root, target))) return true
    return anchor !== undefined && !anchorsOf(target).includes(anchor)
  })
  expect(missing).toEqual([])
})

test('every folder of the source stands in both maps', () => {
  const folders = globSync('*/', { cwd: join(root, 'src') }).map((folder) => folder.replace(/\/$/, ''))
  expect(folders.length).toBeGreaterThan(12)
  for (const folder of folders) {
    expect(readPage('src/README.md')).toContain(`\`${folder}/\``)
    expect(readPage('docs/architecture.md')).toMatch(new RegExp(`^  (.* )?${folder}/ `, 'm'))
  }
})

test('every page stands in a contents page', () => {
  const contents = ['docs/README.md', 'docs/decisions/README.md', 'examples/README.md', 'examples/stock/README.md']
  const linked = contents.flatMap((page) =>
    [...readPage(page).matchAll(/\]\(([^)\s#]+)/g)].map(([, link = '']) => normalize(join(dirname(page), link))),
  )
  const isReached = (page: string) => linked.includes(page) || linked.includes(dirname(page))
  const begin = ['README.md', 'docs/README.md']
  expect(pages.filter((page) => !begin.includes(page) && !isReached(page))).toEqual([])
})
