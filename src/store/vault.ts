import { createCipheriv, createDecipheriv, hash } from 'node:crypto'
import { Failure } from '../kernel/errors.ts'
import type { AccountId, ResourceId } from '../kernel/ids.ts'

/** Identifies the value. It is bound to the sealed text: moved to another secret or account, the text does not open. */
export interface SecretKey {
  readonly account: AccountId
  readonly id: ResourceId
}

/** Seals values with AES-256-GCM, so that the store alone reveals none of them. */
export interface Vault {
  seal(key: SecretKey, value: string): string
  /** UNAVAILABLE if the key that sealed the value is no longer configured. Throws if the value was tampered with. */
  open(key: SecretKey, sealed: string): string
}

export interface VaultOptions {
  /** 32 bytes each. The first key seals, and all of them open. To rotate keys, put a new one first. */
  readonly keys: readonly Uint8Array[]
  readonly randomBytes: (length: number) => Uint8Array
}

const form = 'v1'
const tagBytes = 16

/** A sealed value is `v1.<key id>.<nonce>.<ciphertext and tag>`, the latter two in base64url. */
export function createVault({ keys, randomBytes }: VaultOptions): Vault {
  const byId = new Map(keys.map((key) => [keyId(key), key]))
  const [first] = keys
  if (first === undefined) throw new Error('A vault needs a key.')

  return {
    seal(key, value) {
      // Random 96-bit nonces are safe for billions of values per key.
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', first, nonce)
      cipher.setAAD(boundTo(key))
      const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return [form, keyId(first), Buffer.from(nonce).toString('base64url'), text.toString('base64url')].join('.')
    },

    open(key, sealed) {
      const [version, id = '', nonce = '', text = ''] = sealed.split('.')
      const opener = byId.get(id)
      if (version !== form || opener === undefined) {
        throw new Failure('UNAVAILABLE', 'SECRETS_KEY holds no key that opens this secret.')
      }
      const bytes = Buffer.from(text, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', opener, Buffer.from(nonce, 'base64url'), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(boundTo(key))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8')
    },
  }
}

function boundTo({ account, id }: SecretKey): Buffer {
  return Buffer.from(JSON.stringify([form, account, id]))
}

/** Distinguishes keys without revealing anything about them. */
function keyId(key: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from('backchannel secrets key '), key]), 'hex').slice(0, 16)
}
