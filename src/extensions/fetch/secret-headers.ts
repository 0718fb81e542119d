/** A stored secret after opening. The value of a `basic` secret is `user:password`. */
export interface SecretValue {
  readonly type: 'plain' | 'bearer' | 'basic'
  readonly value: string
}

const written: Readonly<Record<SecretValue['type'], (value: string) => string>> = {
  plain: (value) => value,
  bearer: (value) => `Bearer ${value}`,
  basic: (value) => `Basic ${base64(value)}`,
}

/** The text that replaces a reference to a secret in a header. */
export function headerForm({ type, value }: SecretValue): string {
  return written[type](value)
}

/**
 * Turns `Bearer Bearer x` into `Bearer x`. It arises when the author writes the scheme before a secret that brings its
 * own.
 */
export function collapseScheme(header: string): string {
  return header.replace(/^\s*(bearer|basic)\s+(?=\1\s)/i, '')
}

/**
 * The texts that reveal a secret: its value, the value and the header in base64, and the password of `user:password`.
 * Without base64 padding, because a text without its padding reveals the secret as well.
 */
export function secretTexts(secret: SecretValue): readonly string[] {
  const { type, value } = secret
  const password = type === 'basic' ? value.slice(value.indexOf(':') + 1) : ''
  const encoded = [value, headerForm(secret)].flatMap((text) => [base64(text), Buffer.from(text).toString('base64url')])
  const texts = [value, ...encoded.map((text) => text.replace(/=+$/, ''))]
  // A shorter password occurs in many words; hiding it there would reveal it.
  return password.length >= 4 ? [...texts, password] : texts
}

function base64(value: string): string {
  return Buffer.from(value).toString('base64')
}
