import { GraphQLError } from 'graphql'
import { Failure } from '../errors.ts'
import { toGraphQLError } from '../schema/failure.ts'

/** Logs a defect whole and answers with the id to quote. */
export type ReportDefect = (error: unknown) => string

/**
 * What a caller gets to see of an error. Failures are meant for them. So are GraphQL's own errors about the request,
 * which have no path; one without a code is about what was sent. Anything else is a defect: logged, and masked.
 */
export function createMaskError(reportDefect: ReportDefect): (error: unknown) => GraphQLError {
  return (error) => {
    const original = rootCause(error)
    const located = error instanceof GraphQLError ? error : undefined
    if (original instanceof Failure) return toGraphQLError(original, located)
    if (original instanceof GraphQLError && (original.path === undefined || original.extensions['code'] !== undefined)) {
      return withCode(located ?? original, String(original.extensions['code'] ?? 'BAD_USER_INPUT'))
    }
    const id = reportDefect(original)
    return toGraphQLError(new Failure('INTERNAL', `The server failed. It was logged as ${id}.`), located)
  }
}

function rootCause(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError != null ? rootCause(error.originalError) : error
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  if (error.extensions['code'] === code) return error
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { ...error.extensions, code },
  })
}
