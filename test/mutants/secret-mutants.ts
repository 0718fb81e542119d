import type { Edit } from './mutant.ts'

/** A service that leaks one secret at one place, and where the search finds it. */
export interface SecretMutant {
  readonly name: string
  readonly edits: readonly Edit[]
  readonly found: { readonly secret: string; readonly place: string }
}

const inHex = (text: string) => `Buffer.from(${text}).toString('hex')`

export const secretMutants: readonly SecretMutant[] = [
  {
    name: 'an API key, in hex, in a line of the log',
    edits: [
      {
        file: 'app/open-server.ts',
        find: "logger.info({ url: server.url, engine: parts.engineTitle }, 'listening')",
        replace: `logger.info({ url: server.url, first: ${inHex("config.apiKeys[0]?.secret ?? ''")} }, 'listening')`,
      },
    ],
    found: { secret: 'apiKey', place: 'logs' },
  },
  {
    name: 'what a caller answered, in the log',
    edits: [
      {
        file: 'dispatch/answer.ts',
        find: "submit: (key, callId, outcome) => settle(key, callId, { outcome, by: 'submit' }),",
        replace:
          "submit: (key, callId, outcome) => {\n      process.stdout.write(`${encodeURIComponent(JSON.stringify(outcome))}\\n`)\n      return settle(key, callId, { outcome, by: 'submit' })\n    },",
      },
    ],
    found: { secret: 'resultBearer', place: 'logs' },
  },
  {
    name: 'the secret of channel tokens as a label of a metric',
    edits: [
      {
        file: 'telemetry/metrics.ts',
        find: "dispatched: () => dispatches.inc({ outcome: 'created' }),",
        replace: "dispatched: () => dispatches.inc({ outcome: process.env['TOKEN_SECRET'] ?? '' }),",
      },
    ],
    found: { secret: 'tokenSecret', place: 'metrics' },
  },
  {
    name: "Redis's URL as an attribute of a span",
    edits: [
      {
        file: 'telemetry/run-spans.ts',
        find: "'backchannel.account': key.account,",
        replace: "'backchannel.account': process.env['REDIS_URL'] ?? '',",
      },
    ],
    found: { secret: 'redisPassword', place: 'traces' },
  },
  {
    name: "a provider's words with the key in them",
    edits: [
      {
        file: 'models/ai-sdk/fault.ts',
        find: 'hide(messageOf(error), secret)',
        replace: 'messageOf(error)',
      },
    ],
    found: { secret: 'anthropicKey', place: 'what its account is told' },
  },
  {
    name: 'what a server has quoted of an ability’s request',
    edits: [
      {
        file: 'extensions/fetch/scrub.ts',
        find: 'return found.length === 0 ? from : without(from, found)',
        replace: 'return found.length < 0 ? without(from, found) : from',
      },
    ],
    found: { secret: 'bearerSecret', place: 'what its account is told' },
  },
  {
    name: 'a wrong key, quoted where it is refused',
    edits: [
      {
        file: 'access/authenticate.ts',
        find: "throw new Failure('UNAUTHENTICATED', refusals[identity.outcome])",
        replace: "throw new Failure('UNAUTHENTICATED', `${refusals[identity.outcome]} ${authorization}`)",
      },
    ],
    found: { secret: 'wrongKey', place: 'what others are told' },
  },
  {
    name: 'secrets that are kept unsealed',
    edits: [
      {
        file: 'store/vault.ts',
        find: "return [form, keyId(first), Buffer.from(nonce).toString('base64url'), text.toString('base64url')].join('.')",
        replace:
          "return [form, keyId(first), Buffer.from(nonce).toString('base64url'), text.toString('base64url'), Buffer.from(`v=${value}`).toString('base64url')].join('.')",
      },
    ],
    found: { secret: 'basicPassword', place: 'Redis' },
  },
  {
    name: 'the sealing key’s bytes beside what they seal',
    edits: [
      {
        file: 'store/vault.ts',
        find: ".update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])",
        replace: ".update(value, 'utf8'), cipher.final(), cipher.getAuthTag(), first])",
      },
      {
        file: 'store/vault.ts',
        find: "const bytes = Buffer.from(text, 'base64url')",
        replace: "const bytes = Buffer.from(text, 'base64url').subarray(0, -32)",
      },
    ],
    found: { secret: 'sealingKey', place: 'Redis' },
  },
]
