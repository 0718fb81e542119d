import { type FetchActionDeps, runFetch } from '../../../src/extensions/fetch/action.ts'
import type { FetchActionInput } from '../../../src/extensions/fetch/action-input.ts'
import type { SecretValue } from '../../../src/extensions/fetch/secret-headers.ts'
import { createSafeFetch } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import type { AccountId } from '../../../src/kernel/ids.ts'
import { inlinePageText } from '../../support/inline-helpers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import type { FetchServer } from './server.ts'

/** Tokens as an ability makes them: one is the beginning of another. */
const tokens: ReadonlyMap<string, string> = new Map([
  ['<t1>', 'CONTACT_NAME'],
  ['<t2>', 'CONTACT_EMAIL'],
  ['<t3>', 'SECRET_DEFAULT'],
  ['<t4>', 'SECRET_TOKEN'],
  ['<t5>', 'SECRET_LOGIN'],
])

export const secrets: Readonly<Record<string, SecretValue>> = {
  DEFAULT: { type: 'bearer', value: 'sk-live/ABC+123' },
  TOKEN: { type: 'plain', value: 'plain&<token>' },
  LOGIN: { type: 'basic', value: 'ann:pa55 word' },
}

export const references = { CONTACT_NAME: 'Ann "<&>" O\'Neil\n/../?x=1#<t3>' }

/** Runs the action against a server that is on the allow-list. */
export function run(
  server: FetchServer,
  request: unknown,
  { deps = {}, ...input }: Partial<FetchActionInput> & { deps?: Partial<FetchActionDeps> } = {},
) {
  const safeFetch = opened(createSafeFetch({ allow: [server.host] }))
  return runFetch(
    {
      request,
      settings: {},
      tokens,
      references,
      secretId: 'secret_1',
      signal: new AbortController().signal,
      ...input,
    },
    {
      account: 'acme' as AccountId,
      safeFetch,
      secrets: async ({ name }) => secrets[name] ?? null,
      timezone: 'Europe/Sofia',
      pageText: inlinePageText,
      idempotencyKey: 'call_1',
      ...deps,
    },
  )
}
