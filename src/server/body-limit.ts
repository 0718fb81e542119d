import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { Failure } from '../errors.ts'
import { toGraphQLError } from '../schema/failure.ts'

export interface BodyLimit {
  readonly maxBytes: number
}

/**
 * Refuses larger bodies: by their declared length before anything is read, and one that does not declare it as soon
 * as it has sent too much.
 */
export function useBodyLimit({ maxBytes }: BodyLimit): Plugin {
  const tooLarge = () =>
    toGraphQLError(new Failure('PAYLOAD_TOO_LARGE', `The request's body is larger than ${maxBytes} bytes.`))
  return {
    onRequestParse({ request, setRequestParser }) {
      if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
      const isUnsized = request.body !== null && !request.headers.has('content-length')
      if (isUnsized && request.headers.get('content-type')?.startsWith('application/json')) {
        setRequestParser(async ({ body }) => parseJson(await readUpTo(body, maxBytes, tooLarge)))
      }
    },
  }
}

async function readUpTo(body: ReadableStream<Uint8Array> | null, maxBytes: number, tooLarge: () => Error): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string) {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new GraphQLError('The body is not valid JSON.', {
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
      originalError: error as Error,
    })
  }
}
