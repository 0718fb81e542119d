import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { root } from '../house/imports.ts'

const folder = join(root, 'build/console')
beforeAll(() => {
  execFileSync(process.execPath, ['console/build.mjs'], { cwd: root })
})

const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const scripts = () => readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'))
const chunk = (name: string) => scripts().find((each) => each.startsWith(`${name}-`)) ?? ''

/** What a module loads before it runs. */
function needs(script: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(script)) return seen
  seen.add(script)
  for (const [, needed = ''] of read(`assets/${script}`).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) {
    needs(needed, seen)
  }
  return seen
}

test('the first view is at most 150 KB of compressed JavaScript', () => {
  const first = new Set([...needs(chunk('index')), ...needs(chunk('try-page'))])
  expect(first.size).toBeGreaterThan(1)
  const bytes = [...first].reduce((sum, script) => sum + gzipSync(read(`assets/${script}`)).length, 0)
  expect(bytes).toBeLessThan(150 * 1024)
})

test('it does not load the other pages', () => {
  const first = new Set([...needs(chunk('index')), ...needs(chunk('try-page'))])
  for (const page of ['runs-page', 'run-page']) {
    expect(chunk(page)).not.toBe('')
    expect(first).not.toContain(chunk(page))
  }
})

test('the document has no script and no style of its own, and loads nothing from elsewhere', () => {
  const page = read('index.html')
  expect(page).not.toMatch(/<style|<script[^>]*>[^<]|\son\w+=|https?:/)
  expect(page).toMatch(/<script type="module"[^>]* src="\/console\/assets\/index-[\w-]+\.js"><\/script>/)
})
