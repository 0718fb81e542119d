import { describe, expect, test } from 'vitest'
import { folderOf, isRelative, readModules } from '../house/imports.ts'

const { files, textOf, imports, resolved, circles } = readModules('console/src')

const parts = ['ui', 'service', 'transcript', 'answer', 'log', 'generated']

/** What each folder of the console may import besides itself. A page stands on all parts, and on no other page. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  generated: [],
  ui: ['generated'],
  service: ['generated'],
  transcript: ['ui'],
  answer: ['ui'],
  log: ['service', 'transcript', 'ui'],
  shell: ['service', 'ui', 'generated'],
  try: parts,
  runs: parts,
  run: parts,
  overview: parts,
  resources: [...parts, 'shell'],
}

const homes: readonly (readonly [packages: RegExp, home: RegExp])[] = [
  [/^react$/, /\.tsx$|\/use-[\w-]+\.ts$/],
  [/^react-dom\/client$/, /^main\.tsx$/],
  [/^wouter$/, /\.tsx$/],
  [/^@base-ui\/react\//, /^ui\//],
  [/^@tanstack\/react-query$/, /^service\//],
  [/^@tanstack\/react-virtual$/, /^runs?\//],
  [/^backchannel-client(\/react|\/request)?$/, /./],
]

describe('the import rules of the console', () => {
  test('it stands on nothing outside of its folder but the client package', () => {
    for (const each of imports.filter(isRelative))
      if (!each.target.endsWith('.css')) expect(files).toContain(resolved(each))
  })

  test('folders import only what stands below them; pages are loaded by the table of routes alone', () => {
    const wrong = imports.filter(isRelative).filter((each) => {
      const [from, to] = [folderOf(each.file), folderOf(resolved(each))]
      if (from === null || from === to || each.file === 'shell/routes.tsx') return false
      return to === null || mayImport[from]?.includes(to) !== true
    })
    expect(wrong).toEqual([])
  })

  test('every other package is used at home only, and none of Node', () => {
    const wrong = imports.filter((each) => {
      if (isRelative(each) || folderOf(each.file) === 'generated') return false
      return !homes.some(([packages, home]) => packages.test(each.target) && home.test(each.file))
    })
    expect(wrong).toEqual([])
  })

  test('no file imports itself by way of others', () => {
    expect(circles()).toEqual([])
  })

  test('it asks the service in one way, and keeps nothing beyond its tab', () => {
    // What is copied from Try is not the console's own.
    const text = files
      .filter((file) => file !== 'try/snippets.ts')
      .map(textOf)
      .join('\n')
    expect(text).not.toMatch(/\bfetch\(|new WebSocket|new EventSource|localStorage|indexedDB|document\.cookie/)
    expect(text.match(/\bcreateBackchannel\(/g)).toHaveLength(1)
    expect(text).not.toMatch(/dangerouslySetInnerHTML|innerHTML|\beval\(/)
  })
})
