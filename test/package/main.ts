import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { beginRun, serve } from './served-run.ts'

/**
 * Packs the package and tries the tarball as a user would: in an empty folder, with packages from the registry, under several
 * versions of Node. Exits with 1 at the first thing that is not right.
 */
const { values } = parseArgs({ options: { node: { type: 'string', multiple: true } } })
const versions = values.node ?? ['22', '24', 'latest']
const root = join(import.meta.dirname, '../..')
const place = mkdtempSync(join(tmpdir(), 'package-'))
const say = (line: string) => process.stdout.write(`${line}\n`)
const sh = (program: string, args: readonly string[], cwd: string, env = process.env) =>
  execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

function check(what: string, isRight: boolean): void {
  if (!isRight) throw new Error(`Not right: ${what}`)
}

/** npm runs scripts and bins under the Node of its folder. */
async function tryWith(version: string, tarball: string): Promise<void> {
  const cwd = mkdtempSync(join(place, `node-${version}-`))
  // The scripts of the package `node` fetch nothing; they put the program in its place.
  writeFileSync(
    join(cwd, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, allowScripts: { node: true } }),
  )
  sh('npm', ['install', '--no-audit', '--no-fund', tarball, `node@${version}`], cwd)
  const path = [join(cwd, 'node_modules/node/bin'), process.env['PATH'] ?? ''].join(delimiter)
  const env = { ...process.env, PATH: path, NODE_COMPILE_CACHE: '' }
  const node = join(cwd, 'node_modules/node/bin/node')
  const actual = sh(node, ['--version'], cwd).trim()

  const byNpx = await serve(['npx', '--no-install', 'backchannel-server'], { cwd, env })
  const text = await (await beginRun(byNpx.url)).events()
  check('a run ends', text.includes('"DispatchCompleted"'))
  byNpx.child.kill('SIGTERM')
  await byNpx.over
  check('npx leaves nothing behind, and what it started has drained', byNpx.log.join('\n').includes('"closed"'))

  const bin = 'node_modules/backchannel-server/bin/backchannel-server.cjs'
  const byNode = await serve([node, bin], { cwd, env })
  const { events } = await beginRun(byNode.url)
  const seen = events()
  byNode.child.kill('SIGTERM')
  check('SIGTERM ends it with 0', (await byNode.over) === 0)
  check('the run in hand was finished', byNode.log.join('\n').includes('"outcome":"completed"'))
  await seen
  sh(node, [bin, 'doctor'], cwd)
  say(
    `Node ${actual}: npx serves, a run ends, SIGTERM drains; installed: ${sh('du', ['-sm', 'node_modules'], cwd).split('\t')[0]} MB with Node`,
  )
}

/** A tool from the registry that is used here alone. */
function findsNothing(tool: string, args: readonly string[]): void {
  const output = sh('npx', ['--yes', tool, ...args], place)
  check(`${tool} finds nothing:\n${output}`, /All good|does not contain types/.test(output))
  say(`${tool}: ${output.trim().split('\n').at(-1)}`)
}

try {
  execFileSync(process.execPath, ['deploy/package/build.ts'], { cwd: root, stdio: 'inherit' })
  const folder = join(root, 'build/package')
  const [packed] = Object.values(JSON.parse(sh('npm', ['pack', '--json', '--pack-destination', place], folder))) as {
    filename: string
    size: number
    unpackedSize: number
  }[]
  if (packed === undefined) throw new Error('npm has packed nothing.')
  const tarball = join(place, packed.filename)
  say(`${packed.filename}: ${packed.size} bytes, unpacked ${packed.unpackedSize}`)
  findsNothing('publint', [tarball])
  findsNothing('@arethetypeswrong/cli', [tarball])
  const published = await new Promise<string>((resolve, reject) => {
    execFile('npm', ['publish', '--dry-run', '--access', 'public'], { cwd: folder }, (error, _stdout, stderr) =>
      error === null ? resolve(stderr) : reject(error),
    )
  })
  const warnings = published.split('\n').filter((line) => line.startsWith('npm warn') && !line.includes('be logged in'))
  check(`npm publish --dry-run warns of nothing:\n${warnings.join('\n')}`, warnings.length === 0)
  say('npm publish --dry-run: nothing to say')
  for (const version of versions) await tryWith(version, tarball)
} finally {
  rmSync(place, { recursive: true, force: true })
}
