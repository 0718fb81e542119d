import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { checkPermission, type Demand } from '../../access/permission.ts'
import type { Principal } from '../../access/principal.ts'
import type { AccountId, ChannelKey } from '../../kernel/ids.ts'
import { channelIdIn } from './conversation/channel-id.ts'

/** What Hono's context holds after authentication: `Bindings` is Node's own request. */
export interface RestEnv {
  readonly Bindings: HttpBindings
  readonly Variables: { readonly principal: Principal }
}

/** The account of the caller. FORBIDDEN for a channel token, which stands for one channel and not for the account. */
export function accountOf(context: Context<RestEnv>): AccountId {
  const principal = context.get('principal')
  checkPermission(principal, null)
  return principal.account
}

/** The channel that a request names. FORBIDDEN if the caller's token does not open it or lacks the permission. */
export function channelOf(context: Context<RestEnv>, text: string, permission: Demand['permission']): ChannelKey {
  const principal = context.get('principal')
  const channel = channelIdIn(text)
  checkPermission(principal, { channelId: channel, permission })
  return { account: principal.account, channel }
}
