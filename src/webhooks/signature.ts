import { createHmac } from 'node:crypto'

const prefix = 'whsec_'

/** The form of the Standard Webhooks specification: 24 random bytes in base64, after `whsec_`. */
export function newSigningSecret(randomBytes: (length: number) => Uint8Array): string {
  return `${prefix}${Buffer.from(randomBytes(24)).toString('base64')}`
}

export interface Signed {
  readonly id: string
  /** In whole seconds since 1970, as the receiver checks it against its own clock. */
  readonly timestamp: number
  readonly body: string
}

/** The three headers of the Standard Webhooks specification: one signature (version 1) for each secret, the present one first. */
export function signatureHeaders(
  { id, timestamp, body }: Signed,
  secrets: readonly string[],
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const sign = (secret: string) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  }
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map(sign).join(' '),
  }
}
