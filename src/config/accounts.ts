import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { ApiKey } from '../access/principal.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Form } from './variable.ts'

export const accountForm = /^[a-z0-9_-]{1,64}$/
export const secretForm = /^[!-~]{16,1024}$/

/** What the file of ACCOUNTS says, and where it stands. */
export interface AccountsFile {
  readonly path: string
  readonly accounts: ReadonlyMap<AccountId, AccountEntry>
}

export interface AccountEntry {
  readonly keys: readonly string[]
  /** In place of RUNNING_DISPATCHES; null: the same as for every account. */
  readonly runningDispatches: number | null
  readonly weight: number
  /** In place of TOKENS_PER_DAY and COST_PER_DAY; 0: no limit; null: what these say. */
  readonly tokensPerDay: number | null
  readonly costPerDay: number | null
}

const whole = (from: number, to: number) => {
  const takes = `takes a whole number from ${from} to ${to}`
  return z.int(takes).min(from, takes).max(to, takes)
}
const takesMoney = 'takes a number from 0 to 1000000000'
const entry = z.strictObject({
  keys: z
    .array(z.string('takes a text').regex(secretForm, 'takes 16 to 1024 visible ASCII characters'), 'takes a list')
    .default([]),
  runningDispatches: whole(0, 1_000_000).nullable().default(null),
  weight: whole(1, 100).default(1),
  tokensPerDay: whole(0, 1_000_000_000_000).nullable().default(null),
  costPerDay: z.number(takesMoney).min(0, takesMoney).max(1_000_000_000, takesMoney).nullable().default(null),
})
const file = z.record(z.string().regex(accountForm, 'has no name of 1 to 64 of a-z 0-9 _ -'), entry)

/** Reads the file anew. Problems name the field, and never repeat what it says: it may be a key. */
export function readAccounts(path: string): AccountsFile | { readonly problems: readonly string[] } {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error
    return {
      problems: [
        isMissing ? `the file ${path} cannot be read (${String(error.code)})` : `the file ${path} is not JSON`,
      ],
    }
  }
  const { data, error } = file.safeParse(json)
  if (error !== undefined)
    return {
      problems: error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'} ${messageOf(message)}`),
    }
  const accounts = new Map(Object.entries(data).map(([account, each]) => [account as AccountId, each]))
  const keys = [...accounts.values()].flatMap((each) => each.keys)
  if (keys.length === 0) return { problems: ['takes at least one account with a key'] }
  if (new Set(keys).size < keys.length) return { problems: ['has one key twice'] }
  return { path, accounts }
}

/** Zod's own words quote names that nobody knows, and what stands in their place may be a key. */
function messageOf(message: string): string {
  return /^(takes|has) /.test(message)
    ? message
    : 'takes keys, runningDispatches, weight, tokensPerDay and costPerDay, and nothing else'
}

export const accountsFile: Form<AccountsFile> = {
  schema: z.string().transform((path, context) => {
    const read = readAccounts(path)
    if (!('problems' in read)) return read
    for (const message of read.problems) context.addIssue({ code: 'custom', message })
    return z.NEVER
  }),
  bounds:
    'the path of a JSON file, such as `{"acme": {"keys": ["…"], "runningDispatches": 10, "weight": 3, "tokensPerDay": 5000000, "costPerDay": 20}}`: keys as in `API_KEYS`, weights from 1 to 100',
}

export function keysIn({ accounts }: AccountsFile): readonly ApiKey[] {
  return [...accounts].flatMap(([account, { keys }]) => keys.map((secret) => ({ account, secret })))
}
