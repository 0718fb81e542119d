import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../house/imports.ts'
import { opened } from '../support/lifetime/opened.ts'
import { beginRun, serve } from './served-run.ts'

// What is published, with this repository's packages. test/package/main.ts installs it elsewhere, with other versions of Node.
const run = promisify(execFile)
const folder = join(root, 'build/package')
const bin = join(folder, 'bin/backchannel-server.cjs')

beforeAll(async () => {
  await run(process.execPath, ['deploy/package/build.ts'], { cwd: root })
})

const say = (...words: readonly string[]) =>
  run(process.execPath, [bin, ...words], { env: { ...process.env, REDIS_URL: '', API_KEYS: '' } }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

test('the compiled server runs a conversation, finishes it after SIGTERM, and exits with 0', async () => {
  const server = await serve([process.execPath, bin], { cwd: folder, env: process.env })
  opened(server.child, (it) => it.kill('SIGKILL'))
  const { events } = await beginRun(server.url)
  const all = events()
  server.child.kill('SIGTERM')
  expect(await server.over).toBe(0)
  expect(server.log.join('\n')).toContain('"outcome":"completed"')
  expect(await all).toContain('"DispatchStarted"')
})

describe('the command line', () => {
  test.each([
    ['--help', /^Runs LLM conversations[\s\S]*backchannel-server doctor/],
    ['help', /^Runs LLM conversations/],
    ['--version', /^\d+\.\d+\.\d+\n$/],
  ])('%s', async (word, words) => {
    expect(await say(word)).toEqual({ code: 0, stdout: expect.stringMatching(words), stderr: '' })
  })

  test.each([
    [['wroker'], '; do you mean worker?'],
    [['hunter2-secret'], ''],
    [['api', 'worker'], ', and one word only'],
  ])('%j is refused in one line', async (words, hint) => {
    const stderr = `backchannel-server takes all (the default), api, worker, doctor, backup FILE, --help or --version${hint}\n`
    expect(await say(...words)).toEqual({ code: 1, stdout: '', stderr })
  })

  test.each([
    ['20.19.0', bin],
    ['22.17.1', bin],
    ['20.19.0', './src/require-node.cjs'],
    ['22.17.1', './src/require-node.cjs'],
  ])('Node %s is too old, which %s says in one line', async (version, file) => {
    const script = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require(${JSON.stringify(file)})`
    const ended = await run(process.execPath, ['-e', script], { cwd: root }).catch((error: unknown) => error)
    expect(ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `Backchannel: Node ${version} is too old; install Node 22.18 or newer.\n`,
    })
  })
})

test('the package holds what it needs and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: folder })
  const [packed] = Object.values(JSON.parse(stdout)) as { files: { path: string }[]; size: number }[]
  const kinds = new Set(
    packed?.files.map(({ path }) => path.replace(/^(dist|build\/console\/assets)\/.*(\.\w+)$/, '$1/*$2')),
  )
  const top = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin/backchannel-server.cjs',
    'bin/require-node.cjs',
    'package.json',
  ]
  const code = ['dist/*.js', 'dist/*.lua']
  const assets = ['css', 'js', 'svg'].map((extension) => `build/console/assets/*.${extension}`)
  const console = ['build/console/index.html', ...assets]
  expect([...kinds].sort()).toEqual([...top, ...code, ...console].sort())
  expect(packed?.size).toBeLessThan(800_000)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({ name: 'backchannel-server', version: own.version, dependencies: own.dependencies })
  expect(manifest).not.toHaveProperty('devDependencies')
})
