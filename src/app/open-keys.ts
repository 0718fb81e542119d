import { randomBytes } from 'node:crypto'
import { createTokens, type Tokens } from '../access/token.ts'
import type { Config } from '../config/config.ts'
import type { OwnKeys } from '../engines/engine.ts'
import { createVault, type Vault } from '../store/vault.ts'
import { wallClock } from './parts.ts'

/** Opens the vault. The engine's own key seals without SECRETS_KEY, and opens what it has sealed with it. */
export function openVault({ secretsKeys }: Config, ownKeys: OwnKeys | null): Vault | null {
  const keys = ownKeys === null ? secretsKeys : [...secretsKeys, ownKeys.sealing]
  return keys.length === 0 ? null : createVault({ keys, randomBytes })
}

/** Opens tokens, which the engine's own key signs without TOKEN_SECRET. */
export function openTokens({ tokenSecret }: Config, ownKeys: OwnKeys | null): Tokens | null {
  const secret = tokenSecret === null ? ownKeys?.signing : Buffer.from(tokenSecret)
  return secret === undefined ? null : createTokens({ secret, clock: wallClock })
}
