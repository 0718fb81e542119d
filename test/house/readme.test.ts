import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { welcome } from '../../src/server/welcome.ts'
import { startService } from '../support/service/start-service.ts'
import { codeBlocks } from './pages.ts'

const run = promisify(execFile)

const example = (name: string) => readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8')

test('the page of React is the example', () => {
  const page = example('react/chat.jsx')
  expect(codeBlocks('docs/clients/react.md', 'jsx')).toEqual([page])
  const [chat = ''] = codeBlocks('README.md', 'jsx')
  expect(chat.split('\n').length).toBeGreaterThan(10)
  expect(page).toContain(chat)
})

test('the script for Node is the example, which runs', async () => {
  expect(codeBlocks('docs/clients/node.md', 'js')).toContain(example('javascript/hello.mjs'))
  const service = await startService()
  const { stdout } = await run(process.execPath, ['examples/javascript/hello.mjs', `${service.url}/graphql`])
  expect(stdout).toMatch(/^I am Backchannel's demo model, .*You said “Hello!”/)
})

test.each([
  ['README.md', 'README.md'],
  ['docs/guides/dispatching.md', 'docs/guides/watching.md'],
])('the curl commands of %s and %s work as they stand, but for the port', async (dispatching, watching) => {
  const service = await startService()
  const shell = async (page: string, start: string) => {
    const command = codeBlocks(page, 'sh').find((block) => block.startsWith(start)) ?? ''
    return (await run('bash', ['-c', command.replaceAll('http://127.0.0.1:4000', service.url)])).stdout
  }
  expect(await shell(dispatching, 'curl -s')).toBe('{"data":{"dispatchConversation":{"channelId":"my-first-channel"}}}')
  expect(await shell(watching, 'curl -N')).toMatch(/"DispatchQueued"[\s\S]*"DispatchCompleted"[\s\S]*event: complete/)
})

test('the answer to the dispatch is as the guide prints it', () => {
  expect(codeBlocks('docs/guides/dispatching.md', 'json')).toEqual([
    '{"data":{"dispatchConversation":{"channelId":"my-first-channel"}}}\n',
  ])
})

const kept = { isDurable: false, where: 'the memory of this process', folder: null }

test('the line that the start log prints works with a key in its place, where there are keys', async () => {
  const service = await startService({ env: { API_KEYS: 'acme:a-key-of-acme-alone' } })
  const line = welcome(service.url, { kept, hasKeys: true, hasConsole: true }).split('Try it')[1] ?? ''
  const { stdout } = await run('bash', ['-c', line.replaceAll('YOUR_KEY', 'a-key-of-acme-alone')])
  expect(stdout).toMatch(/"channelId"[\s\S]*"DispatchCompleted"[\s\S]*event: complete/)
})

test('the line that the start log prints works as it stands', async () => {
  const service = await startService()
  const line = welcome(service.url, { kept, hasKeys: false, hasConsole: true }).split('Try it')[1] ?? ''
  expect((await run('bash', ['-c', line])).stdout).toMatch(
    /"channelId"[\s\S]*"DispatchCompleted"[\s\S]*event: complete/,
  )
})
