import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { help, readArguments } from '../../src/cli/arguments.ts'
import { root } from '../house/imports.ts'

// The same on the compiled package, as a process: package.at-length.test.ts.
test.each([
  [[], { kind: 'serve', role: 'all' }],
  [['worker'], { kind: 'serve', role: 'worker' }],
  [['--help'], { kind: 'help' }],
  [['help'], { kind: 'help' }],
  [['--version'], { kind: 'version' }],
  [['backup', 'file'], { kind: 'backup', target: 'file' }],
])('the command line %j asks for %j', (words, command) => {
  expect(readArguments(words)).toEqual(command)
})

test('help names the commands', () => {
  expect(help).toMatch(/^Runs LLM conversations[\s\S]*backchannel-server doctor/)
})

test.each([
  [['wroker'], '; do you mean worker?'],
  [['hunter2-secret'], ''],
  [['api', 'worker'], ', and one word only'],
])('the command line %j is refused in one line', (words, hint) => {
  const problem = `backchannel-server takes all (the default), api, worker, doctor, backup FILE, --help or --version${hint}`
  expect(readArguments(words)).toEqual({ kind: 'wrong', problem })
})

test.each(['20.19.0', '22.17.1'])('Node %s is too old, which is said in one line', async (version) => {
  const file = JSON.stringify(join(root, 'src/require-node.cjs'))
  const script = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require(${file})`
  const ended = await promisify(execFile)(process.execPath, ['-e', script]).catch((error: unknown) => error)
  expect(ended).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `Backchannel: Node ${version} is too old; install Node 22.18 or newer.\n`,
  })
})
