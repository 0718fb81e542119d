import { GraphQLError } from 'graphql'
import { badInput, type Failure } from '../../kernel/errors.ts'
import { type ChannelId, type ConversationId, parseChannelId, parseConversationId } from '../../kernel/ids.ts'

/** Translates a failure for GraphQL clients on every transport: `extensions.code`, `extensions.issues` for input, and
 * `extensions.retryAfterSeconds` if the failure says when to retry. */
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

/** Parses a channel id. BAD_USER_INPUT, naming the argument, for a text that can never be one. */
export function channelIdArgument(text: string, path: readonly string[] = ['channelId']): ChannelId {
  const id = parseChannelId(text)
  if (id === null) throw badInput([{ path, message: 'takes 16 to 128 of A-Z a-z 0-9 _ -' }])
  return id
}

/** As `channelIdArgument`, of a conversation. */
export function conversationIdArgument(text: string, path: readonly string[] = ['conversationId']): ConversationId {
  const id = parseConversationId(text)
  if (id === null) throw badInput([{ path, message: 'takes 16 to 128 of A-Z a-z 0-9 _ -' }])
  return id
}

/** Checks a whole number against inclusive bounds. BAD_USER_INPUT outside them. */
export function boundedArgument(value: number, name: string, [from, to]: readonly [number, number]): number {
  if (value >= from && value <= to) return value
  throw badInput([{ path: [name], message: `takes a whole number from ${from} to ${to}` }])
}
