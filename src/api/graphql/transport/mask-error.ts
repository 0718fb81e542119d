import { GraphQLError, Kind } from 'graphql'
import { Failure, failures } from '../../../kernel/errors.ts'
import { toGraphQLError } from '../failure.ts'

/** Logs the whole defect and returns the id of the log entry. */
export type ReportDefect = (error: unknown) => string

export type MaskError = (error: unknown) => GraphQLError

/**
 * Decides which errors callers see. Failures are meant for them. So are errors of GraphQL and Yoga about the request,
 * which occur before any field resolves and so have no path, and errors about the value of a variable where it is used.
 * Anything else is a defect: it is logged and masked.
 */
export function createMaskError(reportDefect: ReportDefect): MaskError {
  return (error) => {
    const original = rootCause(error)
    const located = error instanceof GraphQLError ? error : undefined
    if (original instanceof Failure) return toGraphQLError(original, located)
    if (located !== undefined && original instanceof GraphQLError && isAboutRequest(located, original)) {
      return refused(located, original.extensions)
    }
    const id = reportDefect(original)
    return toGraphQLError(new Failure('INTERNAL', `The server failed. It was logged as ${id}.`), located)
  }
}

function rootCause(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError != null ? rootCause(error.originalError) : error
}

function isAboutRequest(located: GraphQLError, original: GraphQLError): boolean {
  return located.path === undefined || original.nodes?.[0]?.kind === Kind.VARIABLE
}

const graphqlCodes: readonly unknown[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]

/** Gives the error one of the documented codes instead of Yoga's. */
function refused(located: GraphQLError, { code, issues, http }: GraphQLError['extensions']): GraphQLError {
  const isDocumented = graphqlCodes.includes(code) || Object.hasOwn(failures, String(code))
  // Yoga's BAD_REQUEST means a malformed request, so its status applies to every media type.
  const isMalformed = code === 'BAD_REQUEST'
  return withExtensions(located, {
    code: isDocumented ? code : 'BAD_USER_INPUT',
    ...(issues === undefined ? {} : { issues }),
    ...(isMalformed || isDocumented ? { http: isMalformed ? { ...http, spec: false } : http } : {}),
  })
}

export function withExtensions(error: GraphQLError, extensions: GraphQLError['extensions']): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions,
  })
}
