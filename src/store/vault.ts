import { createCipheriv, createDecipheriv, hash } from 'node:crypto'
import { Failure } from '../kernel/errors.ts'
import type { AccountId, ResourceId } from '../kernel/ids.ts'

/** Whose value it is. Bound to what is sealed: moved to another secret or account, it does not open. */
export interface SecretKey {
  readonly account: AccountId
  readonly id: ResourceId
}

/** Seals values with AES-256-GCM, so that whoever reads the store alone reads none of them. */
export interface Vault {
  seal(key: SecretKey, value: string): string
  /** UNAVAILABLE when the value was sealed with a key that is not configured any more. Throws when it was tampered with. */
  open(key: SecretKey, sealed: string): string
}

export interface VaultOptions {
  /** 32 bytes each. The first seals, all of them open: so keys are rotated by putting a new one first. */
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
      // Random nonces of 96 bits: safe for billions of values a key.
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

/** Tells keys apart without telling anything of them. */
function keyId(key: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from('backchannel secrets key '), key]), 'hex').slice(0, 16)
}
