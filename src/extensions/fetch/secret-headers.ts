/** A stored secret, opened. A `basic` one is `user:password`. */
export interface SecretValue {
  readonly type: 'plain' | 'bearer' | 'basic'
  readonly value: string
}

const written: Readonly<Record<SecretValue['type'], (value: string) => string>> = {
  plain: (value) => value,
  bearer: (value) => `Bearer ${value}`,
  basic: (value) => `Basic ${base64(value)}`,
}

/** What stands in a header for a reference to a secret. */
export function headerForm({ type, value }: SecretValue): string {
  return written[type](value)
}

/** Mends `Bearer Bearer x`, which comes of writing the scheme before a secret that brings its own. */
export function collapseScheme(header: string): string {
  return header.replace(/^\s*(bearer|basic)\s+(?=\1\s)/i, '')
}

/**
 * The texts that give a secret away: its value, the value and the header in base64, and of `user:password` the password alone.
 * Unpadded, for a text that is cut of its padding gives it away as well.
 */
export function secretTexts(secret: SecretValue): readonly string[] {
  const { type, value } = secret
  const password = type === 'basic' ? value.slice(value.indexOf(':') + 1) : ''
  const encoded = [value, headerForm(secret)].flatMap((text) => [base64(text), Buffer.from(text).toString('base64url')])
  const texts = [value, ...encoded.map((text) => text.replace(/=+$/, ''))]
  // A shorter password is in every other word; hiding it there would tell what it is.
  return password.length >= 4 ? [...texts, password] : texts
}

function base64(value: string): string {
  return Buffer.from(value).toString('base64')
}
