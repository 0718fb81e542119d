import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createAuthenticator } from '../../src/access/authenticate.ts'
import { ConfigError, readConfig } from '../../src/config/config.ts'
import { createAccounts } from '../../src/config/live-accounts.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { dataFolder } from '../support/sqlite/data-folder.ts'

const key = 'hunter2-and-a-long-key'
const next = 'the-next-key-of-acme'
const acme = 'acme' as AccountId

function written(text: string): string {
  const path = join(dataFolder(), 'accounts.json')
  writeFileSync(path, text)
  return path
}

function problemsOf(path: string): readonly string[] {
  try {
    readConfig({ ACCOUNTS: path }, 'all')
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
}

describe('a wrong file of ACCOUNTS is refused with the name of the field, and no part of a key is repeated', () => {
  test.for<[unknown, RegExp]>([
    [{ acme: { keys: [key], weight: 0 } }, /^ACCOUNTS: acme\.weight takes a whole number from 1 to 100$/],
    [{ acme: { keys: [key], weight: 1.5 } }, /^ACCOUNTS: acme\.weight takes a whole number from 1 to 100$/],
    [
      { acme: { keys: [key], runningDispatches: -1 } },
      /^ACCOUNTS: acme\.runningDispatches takes a whole number from 0/,
    ],
    [{ acme: { keys: [key], tokensPerDay: 1.5 } }, /^ACCOUNTS: acme\.tokensPerDay takes a whole number from 0/],
    [{ acme: { keys: [key], costPerDay: -1 } }, /^ACCOUNTS: acme\.costPerDay takes a number from 0 to 1000000000$/],
    [{ acme: { keys: ['hunter2'] } }, /^ACCOUNTS: acme\.keys\.0 takes 16 to 1024 visible ASCII characters$/],
    [{ acme: { keys: key } }, /^ACCOUNTS: acme\.keys takes a list$/],
    [
      { acme: { keys: [key], [key]: 1 } },
      /^ACCOUNTS: acme takes keys, runningDispatches, weight, tokensPerDay and costPerDay, and nothing else$/,
    ],
    [{ Acme: { keys: [key] } }, /^ACCOUNTS: /],
    [{ acme: { keys: [key, key] } }, /^ACCOUNTS: has one key twice$/],
    [{ acme: {} }, /^ACCOUNTS: takes at least one account with a key$/],
    [[], /^ACCOUNTS: /],
  ])('%j', ([content, line]) => {
    const problems = problemsOf(written(JSON.stringify(content)))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(line)
    expect(problems[0]).not.toContain('hunter2')
  })

  test('a file that is not JSON, or not there', () => {
    expect(problemsOf(written(`{ "${key}" `))).toEqual([expect.stringMatching(/^ACCOUNTS: the file .* is not JSON$/)])
    expect(problemsOf('/dev/null/accounts')).toEqual([
      expect.stringMatching(/^ACCOUNTS: .* cannot be read \(ENOTDIR\)$/),
    ])
  })
})

test('its keys let in beside those of API_KEYS, and its limits and weights are the account’s', async () => {
  const path = written(JSON.stringify({ acme: { keys: [key], runningDispatches: 2, weight: 3 } }))
  const accounts = createAccounts(readConfig({ ACCOUNTS: path, API_KEYS: 'beta:beta-key-0123456789' }, 'all'))
  const { authenticate } = createAuthenticator({ keys: accounts.keys, tokens: null, clock: () => 0 })
  expect(await authenticate(key)).toMatchObject({ account: 'acme' })
  expect(await authenticate('beta-key-0123456789')).toMatchObject({ account: 'beta' })
  expect(accounts.shareOf(acme)).toEqual({ limit: 2, weight: 3 })
  expect(accounts.shareOf('beta' as AccountId)).toEqual({ limit: null, weight: 1 })
  expect(accounts.names()).toEqual(['beta', 'acme'])
  expect(createAccounts(readConfig({}, 'all')).names()).toEqual(['local'])
})

test('read again, the new file counts at once; a wrong one changes nothing, and is one line', async () => {
  const path = written(JSON.stringify({ acme: { keys: [key] } }))
  const accounts = createAccounts(readConfig({ ACCOUNTS: path }, 'all'))
  const { authenticate } = createAuthenticator({ keys: accounts.keys, tokens: null, clock: () => 0 })
  writeFileSync(path, JSON.stringify({ acme: { keys: [next], weight: 5 }, more: { keys: ['more-key-0123456789'] } }))
  expect(accounts.reload()).toBeNull()
  expect(accounts.names()).toEqual(['acme', 'more'])
  expect(await authenticate(next)).toMatchObject({ account: 'acme' })
  await expect(authenticate(key)).rejects.toThrow('The credential is not valid.')
  expect(accounts.shareOf(acme)).toEqual({ limit: null, weight: 5 })
  // A key that is no longer valid is a secret all the same.
  expect(accounts.secrets()).toEqual(expect.arrayContaining([key, next]))
  const { secrets, keys } = accounts
  const before = [secrets(), keys()]
  writeFileSync(path, JSON.stringify({ acme: { keys: [next], weight: 500 } }))
  expect(accounts.reload()).toBe('ACCOUNTS: acme.weight takes a whole number from 1 to 100')
  expect([secrets(), keys()]).toEqual(before)
  expect(accounts.shareOf(acme)).toEqual({ limit: null, weight: 5 })
})
