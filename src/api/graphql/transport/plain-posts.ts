import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type DocumentNode, type ExecutionResult, getOperationAST, OperationTypeNode } from 'graphql'
import type { YogaServerInstance } from 'graphql-yoga'
import { isRecord, parsed } from '../../../kernel/json.ts'
import type { GraphqlAuthentication } from './graphql-authentication.ts'
import { withStatuses } from './http-status.ts'
import type { MaskError } from './mask-error.ts'
import type { RequestBodies } from './request-body.ts'
import { headOf, resultJson } from './result-framing.ts'

export interface PlainPostsOptions {
  readonly graphql: Pick<YogaServerInstance<object, object>, 'getEnveloped'>
  readonly authentication: Pick<GraphqlAuthentication, 'identify'>
  readonly bodies: RequestBodies
  readonly maskError: MaskError
}

/** False: the request is not plain. Nothing has been answered, and Yoga can answer it. */
export type PlainPosts = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/**
 * Answers the queries and mutations that clients send all the time: a POST of JSON that gets JSON. They go around Yoga's HTTP
 * layer, which costs as much as the rest of a request, through Yoga's enveloped functions, as operations on WebSockets do.
 * Everything unusual is left to Yoga, from a credential that is not valid to a document that does not parse, so refusals have
 * one form. Yoga gets the identity and the body from here.
 */
export function createPlainPosts({ graphql, authentication, bodies, maskError }: PlainPostsOptions): PlainPosts {
  /** Null: it is no query or mutation that can be executed. */
  const documentOf = (enveloped: Enveloped, { query, operationName }: PlainParams): DocumentNode | null => {
    const document = parsedDocument(enveloped, query)
    if (document === null || enveloped.validate(enveloped.schema, document).length > 0) return null
    const operation = getOperationAST(document, operationName)
    return operation == null || operation.operation === OperationTypeNode.SUBSCRIPTION ? null : document
  }
  const executed = async (
    enveloped: Enveloped,
    document: DocumentNode,
    { variables, operationName }: PlainParams,
  ): Promise<ExecutionResult> => {
    try {
      const contextValue = await enveloped.contextFactory()
      const { schema } = enveloped
      return await enveloped.execute({ schema, document, contextValue, variableValues: variables, operationName })
    } catch (error) {
      return { errors: [maskError(error)] }
    }
  }
  return async (request, response) => {
    const mediaType = plainType(request)
    if (mediaType === null) return false
    const identity = await authentication.identify(request)
    if (identity.outcome !== 'known') return false
    const given = await bodies.read(request, response)
    const params = Buffer.isBuffer(given) ? plainParams(given.toString()) : null
    if (params === null) return false
    const enveloped = graphql.getEnveloped({ req: request, res: response, params })
    const document = documentOf(enveloped, params)
    if (document === null) return false
    const result = withStatuses(await executed(enveloped, document, params))
    const json = resultJson(result)
    const { status, headers } = headOf(result, mediaType)
    const body = json.length < longAnswer ? json : await bytesOf(json)
    response
      .writeHead(status, {
        'content-type': `${mediaType}; charset=utf-8`,
        ...headers,
        'content-length': Buffer.byteLength(body),
      })
      .end(body)
    return true
  }
}

/** Characters of an answer that is not written in the turn of the event loop that has made it. */
const longAnswer = 1_000_000

/** A socket would encode a long text in the same go as it was made, and again for what the client does not take at once. */
async function bytesOf(json: string): Promise<Buffer> {
  await nextTurn()
  return Buffer.from(json)
}

interface PlainParams {
  readonly query: string
  readonly operationName: string | null | undefined
  readonly variables: Readonly<Record<string, unknown>> | null | undefined
  readonly extensions: Readonly<Record<string, unknown>> | null | undefined
}

type Enveloped = ReturnType<PlainPostsOptions['graphql']['getEnveloped']>

const jsonBody = /^application\/json *(; *charset=utf-8 *)?$/i
/** Yoga takes the first type that it can write, whatever its `q`. */
const jsonAnswer =
  /^ *(application\/json|application\/graphql-response\+json|\*\/\*) *(; *(q=[\d.]+|charset=utf-8) *)*(,|$)/i

/** The media type of the answer; null: the request is not plain. */
function plainType({ method, url, headers }: IncomingMessage): string | null {
  if (method !== 'POST' || url !== '/graphql' || !jsonBody.test(headers['content-type'] ?? '')) return null
  const accepted = jsonAnswer.exec(headers.accept ?? '*/*')?.[1]?.toLowerCase()
  if (accepted === undefined) return null
  return accepted === '*/*' ? 'application/json' : accepted
}

const known: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions'])

/** Null: the body is no JSON, or is not what the specification names. */
function plainParams(text: string): PlainParams | null {
  const params = parsed(text)
  if (!isRecord(params) || !Object.keys(params).every((name) => known.has(name))) return null
  const { query, operationName, variables, extensions } = params
  const isPlain =
    typeof query === 'string' &&
    query !== '' &&
    operationName !== '' &&
    (operationName == null || typeof operationName === 'string') &&
    (variables == null || isRecord(variables)) &&
    (extensions == null || isRecord(extensions))
  return isPlain ? { query, operationName, variables, extensions } : null
}

function parsedDocument({ parse }: Enveloped, query: string): DocumentNode | null {
  try {
    return parse(query)
  } catch {
    return null // Yoga refuses it.
  }
}
