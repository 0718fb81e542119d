import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startService } from '../support/service/start-service.ts'

const run = promisify(execFile)

test('examples/openai answers a call, and takes a background response up again where it left', async () => {
  const service = await startService({ model: 'demo/delayMs=2/words=40' })
  const main = 'examples/openai/main.ts'
  const { stdout, stderr } = await run(process.execPath, [main, service.url, 'Please get_weather: Paris'])
  expect(stdout).toContain('[get_weather {"location":"Paris"}]\n')
  expect(stdout).toContain('{"temperature":18}')
  expect(stdout).toMatch(/“Hello again”[\s\S]*\n\[completed\]\n$/)
  expect(stderr).toBe('')
})
