import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { circles, files, folderOf, imports, isRelative, resolved, root, textOf } from './imports.ts'

/** What each folder may import besides itself and `kernel`. docs/architecture.md has the same table. */
const mayImport = {
  kernel: [],
  config: ['access'],
  conversation: [],
  access: ['conversation'],
  channel: ['conversation'],
  models: ['conversation'],
  store: ['conversation'],
  extensions: ['conversation', 'store'],
  dispatch: ['conversation', 'channel'],
  worker: ['conversation', 'channel', 'dispatch', 'models'],
  cli: ['config', 'engines', 'models', 'telemetry'],
  webhooks: ['conversation'],
  engines: ['config', 'conversation', 'channel', 'dispatch', 'store', 'webhooks'],
  api: ['access', 'conversation', 'channel', 'dispatch', 'store', 'webhooks'],
  server: ['access', 'api', 'config'],
  telemetry: ['access', 'api', 'config', 'conversation', 'channel', 'dispatch', 'engines', 'models', 'webhooks'],
} as const satisfies Readonly<Record<string, readonly string[]>>
type Folder = keyof typeof mayImport

/** The folder that may import everything, as app.ts does; only app.ts and the entry of helper processes import it. */
const composition = 'app'

/** Rooms whose folders know nothing of each other: one engine, API or adapter of models can be removed without the rest. */
const apart = ['engines', 'api', 'models'] as const
/** What the folders of such a room share. */
const shared = ['api/streaming', 'api/facade', 'models/wire', 'models/fit']

/** The files of `src` itself, and who may import them. */
const roots: Readonly<Record<string, readonly string[]>> = { 'app.ts': ['main.ts'], 'main.ts': [], 'helper.ts': [] }

/** Each outside package has one home: files whose path below `src` matches. Node's own modules are at home everywhere. */
const homes: readonly (readonly [packages: RegExp, home: RegExp])[] = [
  [/^(ioredis|graphql-redis-subscriptions|bullmq)$/, /^engines\/redis\//],
  [/^@ai-sdk\//, /^models\/(ai-sdk|demo)\//],
  [/^eventsource-parser$/, /^models\/wire\//],
  [/^(graphql|@pothos\/.*|graphql-scalars|graphql-yoga|graphql-ws(\/.*)?)$/, /^api\/graphql\//],
  [/^ws$/, /^api\/(graphql|ai-sdk|streaming\/socket)\//],
  [/^@graphql-yoga\/render-graphiql\//, /^server\/graphiql\//],
  [/^(hono(\/.*)?|@hono\/.*)$/, /^api\/(chatbotkit|facade|ai-sdk|openai|ag-ui)\//],
  [
    /^zod$/,
    /^config\/|^conversation\/input\/|^access\/token-input\.ts$|^api\/(facade|ai-sdk|openai|ag-ui)\/|^(models|store|extensions|webhooks)\//,
  ],
  [/^ajv(\/|-draft-04$|$)/, /^conversation\/schema\//],
  [/^image-dimensions$/, /^models\/fit\//],
  [/^(yaml|undici|ipaddr\.js|tough-cookie)$/, /^extensions\//],
  [/^(@orama\/stemmers|opencc-js)\//, /^extensions\/dataset\/words\//],
  [
    /^(file-type|mime|whatwg-mimetype|html-to-text|htmlparser2|html-encoding-sniffer|chardet|@exodus\/bytes\/.*)$/,
    /^extensions\/content\//,
  ],
  [/^(pino|prom-client|@opentelemetry\/.*)$/, /^telemetry\//],
  [/^jose$/, /^access\/token\.ts$/],
]

const inner = imports.filter(isRelative)

describe('the import rules of docs/architecture.md', () => {
  test('every folder is known', () => {
    const known = new Set([composition, ...Object.keys(mayImport)])
    expect(new Set(files.map(folderOf).filter((folder) => folder !== null))).toEqual(known)
  })

  test('every import names a file that is there, with its ending', () => {
    for (const each of inner) expect(files).toContain(resolved(each))
  })

  test('folders import only what stands below them', () => {
    const wrong = inner.filter((each) => {
      if (folderOf(each.file) === null || folderOf(each.file) === composition) return false
      const from = folderOf(each.file) as Folder
      const to = folderOf(resolved(each)) as Folder | null
      return to === null || (to !== from && to !== 'kernel' && !(mayImport[from] as readonly Folder[]).includes(to))
    })
    expect(wrong).toEqual([])
  })

  test('engines, APIs and adapters of models know nothing of each other', () => {
    const roomOf = (file: string) => file.split('/').slice(0, 2).join('/')
    const isApart = (file: string) => apart.some((room) => file.startsWith(`${room}/`)) && file.split('/').length > 2
    const wrong = inner.filter((each) => {
      const [from, to] = [each.file, resolved(each)]
      if (!isApart(from) || !isApart(to) || folderOf(from) !== folderOf(to)) return false
      return roomOf(from) !== roomOf(to) && !shared.includes(roomOf(to))
    })
    expect(wrong.filter(({ file }) => file !== 'models/demo/provider.ts')).toEqual([])
  })

  test('no file imports itself by way of others', () => {
    expect(circles()).toEqual([])
  })

  test('main.ts imports app.ts, and nobody else does; nobody imports an entry', () => {
    for (const [file, importers] of Object.entries(roots)) {
      expect(inner.filter((each) => resolved(each) === file).map((each) => each.file)).toEqual(importers)
    }
  })

  test('app/ is imported by app.ts and helper.ts alone', () => {
    const outside = inner.filter(
      (each) => folderOf(resolved(each)) === composition && folderOf(each.file) !== composition,
    )
    expect(new Set(outside.map(({ file }) => file))).toEqual(new Set(['app.ts', 'helper.ts']))
  })

  test('every outside package is used at home only', () => {
    const outside = imports.filter((each) => !isRelative(each) && !each.target.startsWith('node:'))
    const wrong = outside.filter(({ file, target }) => {
      const home = homes.find(([packages]) => packages.test(target))
      return home === undefined || !home[1].test(file)
    })
    expect(wrong).toEqual([])
  })

  test('conversation is pure: no clock, no randomness, no input or output', () => {
    const text = files
      .filter((file) => folderOf(file) === 'conversation')
      .map(textOf)
      .join('\n')
    expect(text).not.toMatch(/Date\.now|new Date\(\)|Math\.random|node:(fs|net|http|timers)|process\.|setTimeout/)
  })

  test('only main.ts reads the environment, ends the process and minds its signals', () => {
    const mentions = (pattern: RegExp) => files.filter((file) => pattern.test(textOf(file)))
    expect(mentions(/process\.env/)).toEqual(['main.ts'])
    expect(mentions(/process\.exit\(|process\.on\(/)).toEqual(['main.ts'])
  })
})

describe('the size of files and folders', () => {
  const lines = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length - 1
  const sources = globSync(
    [
      'src/**/*.{ts,lua}',
      'test/**/*.ts',
      'client/**/*.ts',
      'console/**/*.{ts,tsx,css}',
      'bench/**/*.ts',
      'examples/**/*.ts',
    ],
    {
      cwd: root,
      exclude: (name) => name === 'node_modules' || name === 'build',
    },
  )
    .filter((file) => !file.includes('generated'))
    .map((file) => [file, lines(file)] as const)

  test('no file has more than 300 lines', () => {
    expect(sources.filter(([, count]) => count > 300)).toEqual([])
  })

  test('half of those in src and client have 80 lines or fewer', () => {
    const sizes = sources
      .flatMap(([file, count]) => (/^(src|client)\//.test(file) ? [count] : []))
      .sort((a, b) => a - b)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(80)
  })

  test('no folder has more than 25 files in a row', () => {
    const counts = Map.groupBy(sources, ([file]) => dirname(file))
    expect([...counts].filter(([, row]) => row.length > 25).map(([folder]) => folder)).toEqual([])
  })
})
