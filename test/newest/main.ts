import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * `npm run providers:newest`: for the night, not for CI. Installs the newest adapters and the providers' own SDKs into a
 * temporary folder, plays them every recorded stream, and says what changed: against the adapters that are installed
 * here, and, of the SDKs, against `last.json`. Ends with 1 if anything did; `--accept` writes `last.json`.
 */
const { values } = parseArgs({ options: { accept: { type: 'boolean', default: false } } })

const root = join(import.meta.dirname, '../..')
const lastFile = join(import.meta.dirname, 'last.json')
const adapters = ['@ai-sdk/anthropic', '@ai-sdk/openai', '@ai-sdk/openai-compatible', '@ai-sdk/provider']
const sdks = ['openai', '@anthropic-ai/sdk']

type Read = Readonly<Record<string, string>>

interface Last {
  readonly versions: Readonly<Record<string, string>>
  readonly read: Read
}

function json<Form>(file: string): Form {
  // The cast holds because we, or npm, have written the file.
  return JSON.parse(readFileSync(file, 'utf8')) as Form
}

function versionOf(folder: string, name: string): string {
  return json<{ readonly version: string }>(join(folder, 'node_modules', name, 'package.json')).version
}

function replay(folder: string, ...flags: readonly string[]): Read {
  const script = join(folder, 'test/newest/replay-all.ts')
  // Node 24 runs TypeScript; an SDK's own warnings go where they belong.
  const printed = execFileSync(process.execPath, [script, ...flags], { cwd: folder, maxBuffer: 100_000_000 })
  return JSON.parse(printed.toString()) as Read
}

/** Of what has been read before; a stream that is new here has nothing to differ from. */
function changes(before: Read, now: Read): readonly string[] {
  return Object.entries(before)
    .filter(([name, read]) => read !== now[name])
    .map(([name, read]) => `${name}\n  before: ${read}\n  now:    ${now[name] ?? 'not played'}`)
}

function say(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}

const folder = mkdtempSync(join(tmpdir(), 'newest-'))
try {
  for (const part of ['src', 'test/newest', 'test/models/streams']) {
    cpSync(join(root, part), join(folder, part), { recursive: true })
  }
  const { dependencies, overrides } = json<{ dependencies: Record<string, string>; overrides: object }>(
    join(root, 'package.json'),
  )
  const newest = Object.fromEntries([...adapters, ...sdks].map((name) => [name, 'latest']))
  const wanted = { private: true, type: 'module', dependencies: { ...dependencies, ...newest }, overrides }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(wanted))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'], { cwd: folder })

  const last = json<Last>(lastFile)
  const versions = Object.fromEntries([...adapters, ...sdks].map((name) => [name, versionOf(folder, name)]))
  const all = replay(folder, '--sdks')
  const isSdk = (name: string) => name.endsWith(' SDK')
  const split = (wantsSdk: boolean) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => isSdk(name) === wantsSdk))

  say(adapters.map((name) => `${name}: ${versionOf(root, name)} here, ${versions[name]} newest`))
  say(sdks.map((name) => `${name}: ${last.versions[name] ?? 'none'} last time, ${versions[name]} newest`))
  const changed = [...changes(replay(root), split(false)), ...changes(last.read, split(true))]
  say(changed.length === 0 ? [`Nothing changed in ${Object.keys(all).length} readings.`] : changed)
  if (values.accept) {
    const known = Object.fromEntries(sdks.map((name) => [name, versions[name]]))
    writeFileSync(lastFile, `${JSON.stringify({ versions: known, read: split(true) }, null, 2)}\n`)
  } else if (changed.length > 0) {
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
