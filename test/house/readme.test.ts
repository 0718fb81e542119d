import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { configurationTable } from '../../src/config/table.ts'
import { failures } from '../../src/kernel/errors.ts'
import { welcome } from '../../src/server/welcome.ts'
import { startService } from '../support/service/start-service.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const run = promisify(execFile)

test('the error table is that of errors.ts', () => {
  for (const [code, { status, meaning }] of Object.entries(failures)) {
    expect(readme).toContain(`| \`${code}\` | ${status} | ${meaning} |`)
  }
})

test('the configuration table names every variable, with its default', () => {
  for (const { name, default: value } of configurationTable) {
    const row = readme
      .split('\n')
      .find((line) => line.startsWith('| ') && line.split(' | ')[0]?.includes(`\`${name}\``))
    expect(row, name).toBeDefined()
    if (value !== null) expect(row?.split(' | ')[1], name).toContain(`\`${value}\``)
  }
})

test('the ten-line script is the example, which runs', async () => {
  expect(readme).toContain(readFileSync(new URL('../../examples/hello.mjs', import.meta.url), 'utf8'))
  const service = await startService()
  const { stdout } = await run(process.execPath, ['examples/hello.mjs', service.wsUrl])
  expect(stdout).toMatch(/^I am Backchannel's demo model, .*You said “Hello!”/)
  await service.close()
})

test('the curl commands work as they stand, but for the port', async () => {
  const service = await startService()
  const [dispatch, watch] = [...readme.matchAll(/```sh\n(curl [^`]+)```/g)].map(([, command = '']) =>
    command.replaceAll('http://127.0.0.1:4000', service.url),
  )
  expect((await run('bash', ['-c', dispatch ?? ''])).stdout).toBe(
    '{"data":{"dispatchConversation":{"channelId":"my-first-channel"}}}',
  )
  expect((await run('bash', ['-c', watch ?? ''])).stdout).toMatch(
    /"DispatchQueued"[\s\S]*"DispatchCompleted"[\s\S]*event: complete/,
  )
  await service.close()
})

test('the line that the start log prints works with a key in its place, where there are keys', async () => {
  const service = await startService({ env: { API_KEYS: 'acme:a-key-of-acme-alone' } })
  const line = welcome(service.url, { isDurable: false, hasKeys: true }).split('Try it')[1] ?? ''
  const { stdout } = await run('bash', ['-c', line.replaceAll('YOUR_KEY', 'a-key-of-acme-alone')])
  expect(stdout).toMatch(/"channelId"[\s\S]*"DispatchCompleted"[\s\S]*event: complete/)
  await service.close()
})

test('the line that the start log prints works as it stands', async () => {
  const service = await startService()
  const line = welcome(service.url, { isDurable: false, hasKeys: false }).split('Try it')[1] ?? ''
  expect((await run('bash', ['-c', line])).stdout).toMatch(
    /"channelId"[\s\S]*"DispatchCompleted"[\s\S]*event: complete/,
  )
  await service.close()
})
