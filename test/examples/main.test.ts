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

const examples: readonly (readonly [name: string, ending: string])[] = [
  ['apollo', ''],
  ['urql', ''],
  ...clientNames.map((name) => [`stock/${name}`, '\n[COMPLETED]\n'] as const),
]

test.each(examples)(
  'examples/%s prints the answer, and those without the package how the run ended, and exits',
  async (name, ending) => {
    const { stdout, stderr } = await run(process.execPath, [`examples/${name}/main.ts`, service.url, 'Hello there'])
    const { dispatches } = await ask(
      '{ dispatches(first: 1) { edges { node { messages { text } result { text } } } } }',
    )
    const [{ node }] = dispatches.edges
    expect(node.messages[0].text).toBe('Hello there')
    expect(node.result.text.split(/\s+/)).toHaveLength(40)
    expect(stdout).toBe(`${node.result.text}${ending}`)
    expect(stderr).toBe('')
  },
)

async function ask(query: string) {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data } = await response.json()
  return data
}
