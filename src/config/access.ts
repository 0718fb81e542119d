import { z } from 'zod'
import type { ApiKey } from '../access/principal.ts'
import type { AccountId } from '../kernel/ids.ts'
import { accountForm, accountsFile, keysIn, secretForm } from './accounts.ts'
import { itself } from './forms.ts'
import { type Form, variable } from './variable.ts'

/** Who is let in, and the keys that this deployment signs and seals with. */
export const access = {
  apiKeys: variable(apiKeys(), {
    name: 'API_KEYS',
    default: [],
    meaning:
      'The API keys, each with the account that it opens; one account may have several. Absent: only this machine can connect, and every caller is the account `local`.',
    isSecret: true,
    secretsIn: (keys) => keys.map(({ secret }) => secret),
  }),
  accounts: variable(accountsFile, {
    name: 'ACCOUNTS',
    default: null,
    meaning:
      'A file of accounts, where `API_KEYS` is too small for them: their keys, what replaces `RUNNING_DISPATCHES`, `TOKENS_PER_DAY` and `COST_PER_DAY` for one of them, and how many turns it has for each turn of another. Every process has the same; each reads it again on SIGHUP, and keeps the old one if the new one is wrong.',
    isSecret: true,
    secretsIn: (file) => keysIn(file).map(({ secret }) => secret),
  }),
  tokenSecret: variable(
    { schema: z.string().min(32, 'takes at least 32 characters'), bounds: 'at least 32 characters' },
    {
      name: 'TOKEN_SECRET',
      default: null,
      meaning:
        'Signs tokens of channels and conversations; the same in all API processes. Absent: on Redis no tokens are minted, and the embedded engine signs with one of its own, kept in `DATA_DIR`.',
      isSecret: true,
      secretsIn: itself,
    },
  ),
  secretsKeys: variable(sealingKeys(), {
    name: 'SECRETS_KEY',
    default: [],
    meaning:
      'Seals stored secrets (`openssl rand -base64 32`). The first of several seals and all of them open, so put a new key first and keep the old one until its secrets are replaced. The embedded engine has one of its own besides, kept in `DATA_DIR`. Absent: that one seals; on Redis secrets are refused.',
    isSecret: true,
    secretsIn: (keys) => keys.flatMap(textsOfKey),
  }),
}

function apiKeys(): Form<readonly ApiKey[]> {
  const bounds =
    '`account:secret` with commas between: accounts of 1 to 64 of a-z 0-9 _ -, secrets of 16 to 1024 visible ASCII characters without commas'
  return { schema: z.string().transform(parseApiKeys), bounds }
}

/** Messages name an entry by its number: an entry that is wrong may be a secret. */
function parseApiKeys(text: string, context: z.core.$RefinementCtx<string>): readonly ApiKey[] {
  const keys = text.split(',').map((part) => {
    const [account = '', ...rest] = part.trim().split(':')
    return { account: account as AccountId, secret: rest.join(':') }
  })
  for (const [index, { account, secret }] of keys.entries()) {
    const refuse = (problem: string) => context.addIssue({ code: 'custom', message: `entry ${index + 1} ${problem}` })
    if (!accountForm.test(account)) refuse('has no account of 1 to 64 of a-z 0-9 _ - before a colon')
    if (!secretForm.test(secret)) refuse('has no secret of 16 to 1024 visible ASCII characters after a colon')
    const first = keys.findIndex((key) => key.secret === secret)
    if (first < index && secret !== '') refuse(`has the secret of entry ${first + 1}`)
  }
  return keys
}

function sealingKeys(): Form<readonly Uint8Array[]> {
  const bounds = '32 random bytes in base64 or as 64 hex digits, or several of them with commas between'
  const parse = (text: string, context: z.core.$RefinementCtx<string>): readonly Uint8Array[] => {
    const keys = text.split(',').map((part) => {
      const key = part.trim()
      if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex')
      return /^[\w+/-]{43}=?$/.test(key) ? Buffer.from(key, 'base64') : null
    })
    if (keys.every((key) => key !== null)) return keys
    // The message does not repeat the text: it is a key, or nearly one.
    context.addIssue({ code: 'custom', message: `takes ${bounds}` })
    return z.NEVER
  }
  return { schema: z.string().transform(parse), bounds }
}

/** Every form in which a key may have been given; base64 also without its padding. */
function textsOfKey(key: Uint8Array): readonly string[] {
  const bytes = Buffer.from(key)
  const hex = bytes.toString('hex')
  return [hex, hex.toUpperCase(), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')]
}
