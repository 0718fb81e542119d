import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { type Service, startService } from '../support/service/start-service.ts'

const run = promisify(execFile)

let service: Service
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=2/words=40' })
})

test('examples/chatbotkit-sdk dispatches, answers a function on its channel, completes twice, and exits', async () => {
  const main = 'examples/chatbotkit-sdk/main.ts'
  const { stdout, stderr } = await run(process.execPath, [main, service.url, 'Please get_weather: Paris'])
  expect(stdout).toContain('[get_weather {"location":"Paris"}]\n')
  expect(stdout).toContain('{"temperature":18}')
  expect(stdout).toContain('\n[stop]\n')
  expect(stdout).toContain('“Hello”')
  expect(stdout).toContain('“Hello again”')
  expect(stderr).toBe('')
})
