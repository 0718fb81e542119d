import { defaultFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql'
import type { ChannelGrant, ChannelPermission, Principal } from '../../access/principal.ts'
import type { LogEntry } from '../../channel/channel.ts'
import { endUserEvent } from '../../conversation/end-user-view.ts'
import { Failure } from '../../kernel/errors.ts'
import type { Context } from '../services.ts'

interface Opening {
  /** What the token must allow besides reading; null: nothing. */
  readonly permission: ChannelPermission | null
  /** The channel that the arguments name. */
  readonly channelOf: (args: Readonly<Record<string, unknown>>) => unknown
}

const byArgument = ({ channelId }: Readonly<Record<string, unknown>>) => channelId
const byInput = ({ input }: Readonly<Record<string, unknown>>) => (input as { readonly channelId: string }).channelId

/** All that a channel token opens, of queries, mutations and subscriptions. A field that is not here it does not open. */
const openToTokens: Readonly<Record<string, Opening>> = {
  dispatch: { permission: null, channelOf: byArgument },
  channelHistory: { permission: null, channelOf: byArgument },
  channelEvents: { permission: null, channelOf: byArgument },
  dispatchUpdates: { permission: null, channelOf: byArgument },
  submitFunctionResult: { permission: 'answer', channelOf: byInput },
  cancelDispatch: { permission: 'cancel', channelOf: byArgument },
  publishChannelMessage: { permission: 'publish', channelOf: byArgument },
}

/**
 * Puts the check in front of every root field, whatever is added to the schema. It is decided before anything is looked
 * up: to a token, a channel of the same account that is there and one that is not are alike.
 */
export function guardRootFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (type != null) guard(type)
  }
  return schema
}

function guard(type: GraphQLObjectType<unknown, Context>): void {
  for (const field of Object.values(type.getFields())) {
    const { name, subscribe, resolve = defaultFieldResolver } = field
    if (subscribe !== undefined) {
      field.subscribe = (root, args, context, info) => {
        checkAccess(context.principal, name, args)
        return subscribe(root, args, context, info)
      }
    } else {
      field.resolve = (root, args, context, info) => {
        checkAccess(context.principal, name, args)
        return resolve(root, args, context, info)
      }
    }
  }
}

function checkAccess({ grant }: Principal, name: string, args: Readonly<Record<string, unknown>>): void {
  if (grant === null) return
  const problem = refusal(grant, name, args)
  if (problem !== null) throw new Failure('FORBIDDEN', problem)
}

function refusal(grant: ChannelGrant, name: string, args: Readonly<Record<string, unknown>>): string | null {
  const opening = Object.hasOwn(openToTokens, name) ? openToTokens[name] : undefined
  if (opening === undefined) return `A channel token does not open \`${name}\`.`
  if (opening.channelOf(args) !== grant.channelId) return 'A channel token opens one channel, and it is not this one.'
  const { permission } = opening
  if (permission === null || grant.allow.includes(permission)) return null
  return `This channel token does not allow \`${name}\`: it takes ${permission.toUpperCase()}.`
}

/** The entries that the principal may see, as it may see them; positions stay. */
export function visibleEntries({ grant }: Principal, entries: readonly LogEntry[]): readonly LogEntry[] {
  if (grant === null) return entries
  return entries.flatMap((entry) => {
    const event = endUserEvent(entry.event)
    return event === null ? [] : { ...entry, event }
  })
}
