import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { type Service, startService } from '../support/service/start-service.ts'
import { clientNames } from './clients.ts'

const run = promisify(execFile)

let service: Service
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=2/words=40' })
})

test.each(clientNames)('examples/%s prints the answer and how the run ended, and exits', async (name) => {
  const { stdout, stderr } = await run(process.execPath, [`examples/${name}/main.ts`, service.url, 'Hello there'])
  const { dispatches } = await ask('{ dispatches(first: 1) { edges { node { messages { text } result { text } } } } }')
  const [{ node }] = dispatches.edges
  expect(node.messages[0].text).toBe('Hello there')
  expect(node.result.text.split(/\s+/)).toHaveLength(40)
  expect(stdout).toBe(`${node.result.text}\n[COMPLETED]\n`)
  expect(stderr).toBe('')
})

async function ask(query: string) {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data } = await response.json()
  return data
}
