import { defaultFieldResolver, type GraphQLObjectType, type GraphQLSchema } from 'graphql'
import { checkPermission, type Demand } from '../../access/permission.ts'
import type { Principal } from '../../access/principal.ts'
import { valueCost } from '../loop-costs.ts'
import type { Context } from './context.ts'

interface Opening {
  readonly permission: Demand['permission']
  /** Returns the channel that the arguments name. */
  readonly channelOf: (args: Readonly<Record<string, unknown>>) => unknown
}

const byArgument = ({ channelId }: Readonly<Record<string, unknown>>) => channelId
const byInput = ({ input }: Readonly<Record<string, unknown>>) => (input as { readonly channelId: string }).channelId

/** Every query, mutation and subscription that channel tokens open. All other fields are closed to them. */
const openToTokens: Readonly<Record<string, Opening>> = {
  dispatch: { permission: 'read', channelOf: byArgument },
  channelHistory: { permission: 'read', channelOf: byArgument },
  channelEvents: { permission: 'read', channelOf: byArgument },
  dispatchUpdates: { permission: 'read', channelOf: byArgument },
  submitFunctionResult: { permission: 'answer', channelOf: byInput },
  cancelDispatch: { permission: 'cancel', channelOf: byArgument },
  publishChannelMessage: { permission: 'publish', channelOf: byArgument },
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
        checkAccess(context.principal, name, args)
        return subscribe(root, args, context, info)
      }
    } else {
      field.resolve = (root, args, context, info) => {
        checkAccess(context.principal, name, args)
        // A request may have hundreds of them, and each may be given megabytes.
        const turn = context.loopTurns.pass(context.principal.account, valueCost(args))
        return turn === undefined
          ? resolve(root, args, context, info)
          : turn.then(() => resolve(root, args, context, info))
      }
    }
  }
}

function checkAccess(principal: Principal, name: string, args: Readonly<Record<string, unknown>>): void {
  const opening = Object.hasOwn(openToTokens, name) ? openToTokens[name] : undefined
  checkPermission(
    principal,
    opening === undefined ? null : { channelId: opening.channelOf(args), permission: opening.permission },
  )
}
