import { GraphQLError } from 'graphql'
import { badInput, type Failure } from '../../kernel/errors.ts'
import { type ChannelId, parseChannelId } from '../../kernel/ids.ts'

/** A failure as GraphQL clients get it, on every transport: `extensions.code`, `extensions.issues` for input,
 * and `extensions.retryAfterSeconds` where it is known when to try again. */
export function toGraphQLError(failure: Failure, at?: GraphQLError): GraphQLError {
  const { code, issues, retryAfterSeconds } = failure
  return new GraphQLError(failure.message, {
    ...(at?.nodes === undefined ? {} : { nodes: at.nodes }),
    ...(at?.path === undefined ? {} : { path: at.path }),
    extensions: {
      code,
      ...(issues.length === 0 ? {} : { issues }),
      ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    },
    originalError: failure,
  })
}

/** Ids that could never have been minted or chosen are refused with the argument's name. */
export function channelIdArgument(text: string, path: readonly string[] = ['channelId']): ChannelId {
  const id = parseChannelId(text)
  if (id === null) throw badInput([{ path, message: 'takes 16 to 128 of A-Z a-z 0-9 _ -' }])
  return id
}

/** A whole number within bounds, inclusive. */
export function boundedArgument(value: number, name: string, [from, to]: readonly [number, number]): number {
  if (value >= from && value <= to) return value
  throw badInput([{ path: [name], message: `takes a whole number from ${from} to ${to}` }])
}
