import { defaultFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql'
import { checkPermission, type Demand } from '../../access/permission.ts'
import type { ChannelPermission } from '../../access/principal.ts'
import { conversationOfChannel } from '../dispatch-permission.ts'
import { valueCost } from '../loop-costs.ts'
import type { Context } from './context.ts'

type Arguments = Readonly<Record<string, unknown>>

/** What the use of a root field asks for, by its arguments. */
type Opening = (args: Arguments) => Demand

const channel =
  (permission: ChannelPermission | 'read', place: (args: Arguments) => Arguments = (args) => args): Opening =>
  (args) => ({ channelId: place(args)['channelId'], permission })
const inInput = ({ input }: Arguments) => input as Arguments

/** Every query, mutation and subscription that tokens open. All other fields are closed to them. */
const openToTokens: Readonly<Record<string, Opening>> = {
  dispatch: channel('read'),
  channelHistory: channel('read'),
  channelEvents: channel('read'),
  dispatchUpdates: channel('read'),
  submitFunctionResult: channel('answer', inInput),
  cancelDispatch: channel('cancel'),
  publishChannelMessage: channel('publish'),
  conversation: ({ id }) => ({ conversationId: id, permission: 'read' }),
  conversationUpdates: ({ conversationId }) => ({ conversationId, permission: 'read' }),
  dispatchConversation: (args) => ({ conversationId: inInput(args)['conversationId'], permission: 'dispatch' }),
}

/**
 * Puts the permission check in front of every root field, so that a new field is closed to tokens until it is listed; and the
 * account's turn.
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
        const looking = checkAccess(context, name, args)
        const open = () => subscribe(root, args, context, info)
        return looking === undefined ? open() : looking.then(open)
      }
    } else {
      field.resolve = (root, args, context, info) => {
        const looking = checkAccess(context, name, args)
        // A request may have hundreds of them, and each may be given megabytes.
        const turn = context.loopTurns.pass(context.principal.account, valueCost(args))
        const open = () => resolve(root, args, context, info)
        if (looking !== undefined) return looking.then(() => turn).then(open)
        return turn === undefined ? open() : turn.then(open)
      }
    }
  }
}

function checkAccess({ principal, services }: Context, name: string, args: Arguments): Promise<void> | undefined {
  const demand = Object.hasOwn(openToTokens, name) ? openToTokens[name] : undefined
  return checkPermission(principal, demand?.(args) ?? null, conversationOfChannel(services))
}
