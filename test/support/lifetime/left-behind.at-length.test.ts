import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'

const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')))
const config = fileURLToPath(new URL('leaking/vitest.config.ts', import.meta.url))

test('a file that leaves something running fails by its name; one whose tests fail leaves nothing', async () => {
  const env = { ...process.env, LEAK_PATIENCE_MS: '1500' }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [vitest, 'run', '--config', config], {
    env,
  }).catch((failure: { stdout: string; stderr: string }) => failure)
  const said = stripVTControlCharacters(stdout + stderr)
  const folder = 'test/support/lifetime/leaking'
  expect([...said.matchAll(/Error: (\S+) leaves behind: (.*)/g)].map(([, file, what]) => [file, what]).sort()).toEqual([
    [`${folder}/process.leaking.ts`, expect.stringMatching(/^process \d+ \(.*20_000.*\), 1 × ProcessWrap$/)],
    [`${folder}/server.leaking.ts`, '1 × TCPServerWrap'],
    [`${folder}/timer.leaking.ts`, '1 × Timeout'],
  ])
  expect(said).toContain("expected 'what is said' to be 'what was expected'")
  expect(said).toContain('Test timed out in 200ms')
  expect(said).toMatch(/Test Files {2}4 failed \(4\)\n +Tests {2}2 failed \| 3 passed \(5\)/)
}, 120_000)
