import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const src = join(root, 'src')

const folders = [
  'conversation',
  'channel',
  'models',
  'store',
  'extensions',
  'dispatch',
  'worker',
  'schema',
  'rest',
  'server',
] as const
type Folder = (typeof folders)[number]

/** What each folder may import besides itself and the leaves, which stand in `src` itself. See src/README.md. */
const mayImport: Record<Folder, readonly Folder[]> = {
  conversation: [],
  channel: ['conversation'],
  models: ['conversation'],
  store: ['conversation'],
  extensions: ['conversation', 'store'],
  dispatch: ['conversation', 'channel'],
  worker: ['conversation', 'channel', 'dispatch', 'models'],
  schema: ['conversation', 'channel', 'dispatch', 'store'],
  rest: ['conversation', 'channel', 'dispatch', 'store'],
  server: ['schema', 'rest'],
}

/** Files of `src` itself that may import folders; `app.ts` is imported by `main.ts` and tests only. */
const roots = ['app.ts', 'engine.ts', 'main.ts', 'memory-engine.ts', 'redis-engine.ts']

/** Each outside package has one home: files whose path below `src` matches. Node's own modules are at home everywhere. */
const homes: readonly (readonly [packages: RegExp, home: RegExp])[] = [
  [/^(ioredis|graphql-redis-subscriptions)$/, /(^|\/)redis[^/]*\.ts$|^dispatch\/bullmq-|^app\.ts$/],
  [/^bullmq$/, /^dispatch\/bullmq-/],
  [/^@ai-sdk\//, /^models\/(ai-sdk-|demo-model)/],
  [/^@pothos\//, /^schema\/|^server\/query-limits\.ts$/],
  [/^graphql-scalars$/, /^schema\//],
  [/^(hono(\/.*)?|@hono\/.*)$/, /^rest\//],
  [/^(graphql-yoga|@graphql-yoga\/.*|graphql-ws(\/.*)?|ws)$/, /^server\//],
  [/^graphql$/, /^(schema|server)\//],
  [/^zod$/, /^config\.ts$|^conversation\/[a-z-]*input[a-z-]*\.ts$|^(models|store|extensions)\//],
  [/^ajv\//, /^conversation\/json-schema\.ts$/],
  [/^(yaml|undici|ipaddr\.js|minisearch|html-to-text|htmlparser2)$/, /^extensions\//],
  [/^pino$/, /^logger\.ts$/],
  [/^prom-client$/, /^metrics\.ts$/],
  [/^@opentelemetry\//, /^tracing[a-z-]*\.ts$/],
  [/^jose$/, /^channel-token\.ts$/],
]

/** They put logs, metrics and spans around ports, so they know them; app.ts wires them, and nothing else imports them. */
const observers = /^telemetry(-model|-runs|-run-spans)?\.ts$/

interface Import {
  readonly file: string
  readonly target: string
  readonly isTypeOnly: boolean
}

const files = globSync('**/*.ts', { cwd: src }).sort()

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8')
  const found = text.matchAll(
    /^(import|export)(\s+type)?\b[^'"`;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm,
  )
  return [...found].map(([, , type, from, bare, dynamic]) => ({
    file,
    target: from ?? bare ?? dynamic ?? '',
    isTypeOnly: type !== undefined,
  }))
})

const isRelative = ({ target }: Import) => target.startsWith('.')
const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : null)
const resolved = ({ file, target }: Import) => relative(src, join(src, dirname(file), target))

describe('the import rules of src/README.md', () => {
  test('every folder is known', () => {
    expect(new Set(files.map(folderOf).filter((folder) => folder !== null))).toEqual(new Set(folders))
  })

  test('every import names a file that is there, with its ending', () => {
    for (const each of imports.filter(isRelative)) expect(files).toContain(resolved(each))
  })

  test('folders import only what stands below them', () => {
    const wrong = imports.filter(isRelative).filter((each) => {
      const from = folderOf(each.file) as Folder | null
      const to = folderOf(resolved(each)) as Folder | null
      if (from === null) return to !== null && !roots.includes(each.file) && !observers.test(each.file)
      return to !== null && to !== from && !mayImport[from].includes(to)
    })
    expect(wrong).toEqual([])
  })

  test('app.ts is imported by main.ts alone, main.ts by no one, and the engines by app.ts', () => {
    const importers = imports.filter(isRelative).filter((each) => roots.includes(resolved(each)))
    expect(importers.map(({ file, target }) => [file, target])).toEqual([
      ['app.ts', './engine.ts'],
      ['app.ts', './memory-engine.ts'],
      ['app.ts', './redis-engine.ts'],
      ['main.ts', './app.ts'],
      ['memory-engine.ts', './engine.ts'],
      ['redis-engine.ts', './engine.ts'],
      ['telemetry.ts', './engine.ts'],
    ])
  })

  test('only app.ts picks an engine, and only engines pick adapters', () => {
    const isAdapter = (file: string) => /(^|\/)(redis|memory|bullmq)-/.test(file)
    const wrong = imports
      .filter(isRelative)
      .filter((each) => isAdapter(resolved(each)) && !isAdapter(each.file) && each.file !== 'app.ts')
    expect(wrong).toEqual([])
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
      .map((file) => readFileSync(join(src, file), 'utf8'))
      .join('\n')
    expect(text).not.toMatch(/Date\.now|new Date\(\)|Math\.random|node:(fs|net|http|timers)|process\.|setTimeout/)
  })

  test('only config.ts reads the environment, and only main.ts ends the process or minds its signals', () => {
    const mentions = (pattern: RegExp) => files.filter((file) => pattern.test(readFileSync(join(src, file), 'utf8')))
    expect(mentions(/process\.env/)).toEqual(['main.ts'])
    expect(mentions(/process\.exit\(|process\.on\(/)).toEqual(['main.ts'])
  })
})

describe('the size of files', () => {
  const lines = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length - 1
  const sources = globSync(['src/**/*.{ts,lua}', 'test/**/*.ts', 'bench/**/*.ts', 'examples/**/*.ts'], { cwd: root })
    .filter((file) => !file.includes('generated'))
    .map((file) => [file, lines(file)] as const)

  test('none has more than 300 lines', () => {
    expect(sources.filter(([, count]) => count > 300)).toEqual([])
  })

  test('half of those in src have 80 or fewer', () => {
    const sizes = sources.flatMap(([file, count]) => (file.startsWith('src/') ? [count] : [])).sort((a, b) => a - b)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(80)
  })
})
