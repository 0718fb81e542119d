import { type SecretValue, secretTexts } from '../../../src/extensions/fetch/secret-headers.ts'
import { stringifyJson } from '../../../src/kernel/json.ts'
import type { WireRequest } from './wire-server.ts'
import { headerLines } from './wire-text.ts'

const stored: Readonly<Record<string, SecretValue>> = {
  PLAIN: { type: 'plain', value: 'plain-7Q+/x' },
  LOGIN: { type: 'basic', value: 'ann:pa55 word' },
  OTHER: { type: 'bearer', value: 'other-5tR8w' },
  EMPTY: { type: 'plain', value: '' },
}

const own: SecretValue = { type: 'bearer', value: 'sk-live-9Zk2' }

/** Secrets by name, and for DEFAULT the ability's own, if it has one. */
export async function wireSecrets(reference: {
  readonly name: string
  readonly secretId: string | null
}): Promise<SecretValue | null> {
  if (reference.name === 'DEFAULT') return reference.secretId === 'secret_1' ? own : null
  return stored[reference.name] ?? null
}

const texts = [own, ...Object.values(stored)]
  .filter(({ value }) => value !== '')
  .flatMap((secret) => [...secretTexts(secret), encodeURIComponent(secret.value)])

/** The headers in which these cases want secrets. */
const intended = /^(authorization|x-key|cookie): /i

/** Where a secret's value stands, as it is or encoded, though it is in no header that was meant for it. */
export function leaksIn({
  requests,
  ...others
}: {
  readonly requests: readonly WireRequest[]
  readonly outcome: unknown
  readonly ability: unknown
}): readonly string[] {
  const onWire = requests.flatMap(({ method, target, rawHeaders, body }) => [
    method,
    target,
    body,
    ...headerLines(rawHeaders).filter((line) => !intended.test(line)),
  ])
  return [...onWire, stringifyJson(others)].filter((place) => texts.some((text) => place.includes(text)))
}
