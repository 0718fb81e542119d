import type { Context } from 'hono'
import type { ChannelPermission, Principal } from '../../access/principal.ts'
import { Failure } from '../../kernel/errors.ts'
import type { AccountId, ChannelKey } from '../../kernel/ids.ts'
import { channelIdIn } from './conversation/channel-id.ts'

/** What a request carries with it once its caller is known. */
export interface RestEnv {
  readonly Variables: { readonly principal: Principal }
}

/** For what only an account as a whole may do. */
export function accountOf(context: Context<RestEnv>): AccountId {
  const { account, grant } = context.get('principal')
  if (grant !== null) throw new Failure('FORBIDDEN', 'A channel token opens its own channel only.')
  return account
}

/** The channel that a request names, for a caller who may do that there. */
export function channelOf(context: Context<RestEnv>, text: string, permission: ChannelPermission | 'read'): ChannelKey {
  const { account, grant } = context.get('principal')
  const channel = channelIdIn(text)
  if (grant !== null) {
    if (grant.channelId !== channel) throw new Failure('FORBIDDEN', 'A channel token opens its own channel only.')
    if (permission !== 'read' && !grant.allow.includes(permission)) {
      throw new Failure('FORBIDDEN', `This channel token does not allow to ${permission}.`)
    }
  }
  return { account, channel }
}
