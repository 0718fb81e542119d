import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { meetingPlaces } from '../../src/config/engine.ts'
import { secretsOf } from '../../src/config/secrets.ts'
import { configurationTable } from '../../src/config/table.ts'

const key = Buffer.alloc(32, 'sealing-key')
/** Each variable that is a secret: a text that it takes, and what redaction has to know of it. */
const given: Readonly<Record<string, readonly [text: string, secrets: readonly string[]]>> = {
  API_KEYS: ['acme:first-key-of-acme,beta:the-key:of-beta-0', ['first-key-of-acme', 'the-key:of-beta-0']],
  ACCOUNTS: [fileURLToPath(new URL('./accounts.json', import.meta.url)), ['key-of-acme-in-a-file']],
  TOKEN_SECRET: ['token-secret-of-thirty-two-characters', ['token-secret-of-thirty-two-characters']],
  SECRETS_KEY: [
    `${key.toString('hex')},${Buffer.alloc(32, 'older-key').toString('base64')}`,
    [key.toString('hex'), key.toString('base64').slice(0, 43), Buffer.alloc(32, 'older-key').toString('hex')],
  ],
  REDIS_URL: ['redis://user:p%2Fss%20word@127.0.0.1?password=another', ['p/ss word', 'another']],
  OPENAI_API_KEY: ['openai-key', ['openai-key']],
  ANTHROPIC_API_KEY: ['anthropic-key', ['anthropic-key']],
  OPENAI_COMPATIBLE_API_KEY: ['compatible-key', ['compatible-key']],
  OTEL_EXPORTER_OTLP_ENDPOINT: ['http://user:collector-password@127.0.0.1:4318', ['collector-password']],
}
const env = {
  OPENAI_COMPATIBLE_BASE_URL: 'http://127.0.0.1:1/v1',
  ...Object.fromEntries(Object.entries(given).map(([name, [text]]) => [name, text])),
}

test('every secret variable is covered here', () => {
  const secret = configurationTable.filter(({ isSecret }) => isSecret).map(({ name }) => name)
  expect(secret.toSorted()).toEqual(Object.keys(given).toSorted())
})

test.for(Object.entries(given))('redaction knows the secret part of %s', ([, [, secrets]]) => {
  expect(secretsOf(readConfig(env, 'all'))).toEqual(expect.arrayContaining([...secrets]))
})

test('a variable with the name of a credential is a secret', () => {
  const named = /(KEY|KEYS|SECRET|TOKEN|PASSWORD|CREDENTIALS?|REDIS_URL|DATABASE_URL|DSN)$/
  expect(configurationTable.filter(({ name, isSecret }) => named.test(name) && !isSecret)).toEqual([])
})

test('an absent value, and a URL without a password, has no secrets', () => {
  expect(secretsOf(readConfig({ REDIS_URL: 'redis://127.0.0.1' }, 'all'))).toEqual([])
})

test('a lone % in a password is left as it is', () => {
  expect(secretsOf(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://:100%@127.0.0.1' }, 'all'))).toEqual(['100%'])
})

test('the variable that selects a shared engine is a secret: it names a server, with a password', () => {
  const selecting: readonly string[] = meetingPlaces.map(({ variable }) => variable)
  expect(configurationTable.filter(({ name, isSecret }) => selecting.includes(name) && !isSecret)).toEqual([])
})
