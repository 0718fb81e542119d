import { randomBytes } from 'node:crypto'
import { type ChannelTokens, createChannelTokens } from '../access/channel-token.ts'
import type { Config } from '../config/config.ts'
import { createVault, type Vault } from '../store/vault.ts'
import { wallClock } from './parts.ts'

/** Opens the vault. Without SECRETS_KEY, an engine that does not outlive this process uses a random key. */
export function openVault({ secretsKeys }: Config, isDurable: boolean): Vault | null {
  if (secretsKeys.length > 0) return createVault({ keys: secretsKeys, randomBytes })
  return isDurable ? null : createVault({ keys: [randomBytes(32)], randomBytes })
}

/** Opens channel tokens. Without TOKEN_SECRET, an engine that does not outlive this process uses a random secret. */
export function openChannelTokens({ tokenSecret }: Config, isDurable: boolean): ChannelTokens | null {
  if (tokenSecret === null && isDurable) return null
  const secret = tokenSecret === null ? randomBytes(32) : Buffer.from(tokenSecret)
  return createChannelTokens({ secret, clock: wallClock })
}
