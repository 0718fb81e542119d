import type { Context } from 'hono'
import { checkPermission, type Demand } from '../../access/permission.ts'
import type { Principal } from '../../access/principal.ts'
import type { AccountId, ChannelKey } from '../../kernel/ids.ts'
import { channelIdIn } from './conversation/channel-id.ts'

/** What a request carries with it once its caller is known. */
export interface RestEnv {
  readonly Variables: { readonly principal: Principal }
}

/** For what only an account as a whole may do. */
export function accountOf(context: Context<RestEnv>): AccountId {
  const principal = context.get('principal')
  checkPermission(principal, null)
  return principal.account
}

/** The channel that a request names, for a caller who may do that there. */
export function channelOf(context: Context<RestEnv>, text: string, permission: Demand['permission']): ChannelKey {
  const principal = context.get('principal')
  const channel = channelIdIn(text)
  checkPermission(principal, { channelId: channel, permission })
  return { account: principal.account, channel }
}
