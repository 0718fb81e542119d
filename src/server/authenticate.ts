import { localAccount } from '../ids.ts'
import type { Principal } from '../principal.ts'

/** Without API keys only loopback is listened on, and everyone who gets in is the one local account. */
export function authenticate(): Principal {
  return { account: localAccount }
}
