import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startProcess } from '../../support/service/start-process.ts'
import { dataFolder } from '../../support/sqlite/data-folder.ts'

vi.setConfig({ testTimeout: 60_000 })

const first = 'the-first-key-of-acme'
const second = 'the-second-key-of-acme'

test('SIGHUP has the file of ACCOUNTS read again; a wrong one is one line, and the accounts stay as they were', async () => {
  const path = join(dataFolder(), 'accounts.json')
  const write = (acme: object) => writeFileSync(path, JSON.stringify({ acme }))
  write({ keys: [first] })
  const service = await startProcess('all', { DATA_DIR: 'memory', ACCOUNTS: path })
  const asked = async (key: string) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers,
      body: '{"query":"{ models { id } }"}',
    })
    const { errors } = (await response.json()) as { errors?: readonly { extensions: { code: string } }[] }
    return errors?.[0]?.extensions.code ?? 'known'
  }
  /** The code of the refusal, or the status that the run ends with. */
  const dispatched = async (key: string) => {
    const ask = async (query: string) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ query })
      return (await fetch(`${service.url}/graphql`, { method: 'POST', headers, body })).json()
    }
    const mutation =
      'mutation { dispatchConversation(input: { messages: [{ type: USER, text: "Hi" }] }) { channelId } }'
    const { data, errors } = await ask(mutation)
    if (errors !== undefined) return String(errors[0].extensions.code)
    const id = data.dispatchConversation.channelId
    return vi.waitFor(async () => {
      const { status } = (await ask(`{ dispatch(channelId: "${id}") { status } }`)).data.dispatch
      expect(status).toMatch(/COMPLETED|FAILED/)
      return String(status)
    })
  }
  const logged = (words: string) => service.log.filter((line) => line.includes(words))
  expect([await asked(first), await asked(second)]).toEqual(['known', 'UNAUTHENTICATED'])

  write({ keys: [second], weight: 0 })
  service.child.kill('SIGHUP')
  await vi.waitFor(() => expect(logged('acme.weight takes a whole number from 1 to 100')).toHaveLength(1), {
    timeout: 20_000,
  })
  expect(logged('the accounts stay as they were')[0]).not.toContain(second)
  expect([await asked(first), await asked(second)]).toEqual(['known', 'UNAUTHENTICATED'])

  write({ keys: [second], weight: 2 })
  service.child.kill('SIGHUP')
  await vi.waitFor(() => expect(logged('ACCOUNTS has been read again')).toHaveLength(1), { timeout: 20_000 })
  expect([await asked(first), await asked(second)]).toEqual(['UNAUTHENTICATED', 'known'])

  // TOKENS_PER_DAY is no limit; the file's own is, at once, for what was used before, too.
  expect(await dispatched(second)).toBe('COMPLETED')
  for (const [tokensPerDay, times, outcome] of [
    [1, 2, 'LIMIT_EXCEEDED'],
    [0, 3, 'COMPLETED'],
  ] as const) {
    write({ keys: [second], tokensPerDay })
    service.child.kill('SIGHUP')
    await vi.waitFor(() => expect(logged('ACCOUNTS has been read again')).toHaveLength(times), { timeout: 20_000 })
    expect(await dispatched(second)).toBe(outcome)
  }
})
