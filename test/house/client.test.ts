import { describe, expect, test } from 'vitest'
import { folderOf, isRelative, readModules } from './imports.ts'

const { files, textOf, imports, resolved, circles } = readModules('client/src')

/** What each folder of the client package may import besides itself and the leaves that stand in `client/src`. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  generated: [],
  connection: [],
  watching: ['connection', 'generated'],
  state: ['watching', 'generated'],
  adapters: ['connection', 'watching'],
  conversation: ['connection', 'watching', 'state', 'generated'],
  react: ['state', 'conversation', 'generated'],
}

/** Files of `client/src` itself that join the folders; everything else there is a leaf. */
const joining = ['client.ts', 'index.ts', 'request.ts', 'apollo.ts', 'urql.ts']

const homes: readonly (readonly [packages: RegExp, home: RegExp])[] = [
  [/^graphql-ws$/, /^connection\/socket\.ts$/],
  [/^react$/, /^react\//],
  [/^graphql$/, /^adapters\//],
  [/^@apollo\/client$/, /^apollo\.ts$/],
  [/^(@urql\/core|wonka)$/, /^urql\.ts$/],
]

describe('the import rules of the client package', () => {
  test('it stands on nothing outside of its folder', () => {
    for (const each of imports.filter(isRelative)) expect(files).toContain(resolved(each))
  })

  test('every other package is used at home only, and none of Node', () => {
    const wrong = imports.filter((each) => {
      if (isRelative(each)) return false
      return !homes.some(([packages, home]) => packages.test(each.target) && home.test(each.file))
    })
    expect(wrong).toEqual([])
  })

  test('folders import only what stands below them', () => {
    const wrong = imports.filter(isRelative).filter((each) => {
      const from = folderOf(each.file)
      const to = folderOf(resolved(each))
      if (joining.includes(each.file)) return false
      if (to === null) return joining.includes(resolved(each)) && from !== 'react'
      return from === null ? to !== 'generated' : from !== to && mayImport[from]?.includes(to) !== true
    })
    expect(wrong).toEqual([])
    expect(new Set(files.map(folderOf))).toEqual(new Set([null, ...Object.keys(mayImport)]))
  })

  test('no file imports itself by way of others', () => {
    expect(circles()).toEqual([])
  })

  test('it reads no environment, and nothing happens when it is imported', () => {
    const text = files.map(textOf).join('\n')
    expect(text).not.toMatch(/process\.|require\(|^(await|void|new|set\w+)\b/m)
  })
})
