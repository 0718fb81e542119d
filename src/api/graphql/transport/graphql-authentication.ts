import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { type Authenticator, refusals } from '../../../access/authenticate.ts'
import type { Principal } from '../../../access/principal.ts'
import { endStream } from '../../streaming/end-stream.ts'

interface HttpContext {
  readonly req: IncomingMessage
  readonly res?: ServerResponse
}

export interface GraphqlAuthentication {
  readonly plugin: Plugin<object, HttpContext>
  /** Who is behind a request that has got past the plugin. */
  principalOf(request: IncomingMessage): Principal
}

/**
 * Whoever has no valid credential is refused before anything of the request is read: not even its syntax is judged for
 * them. An event stream of a channel token ends with the token, as a body ends and without `complete`: stock clients
 * come back, and can bring a fresh one.
 */
export function createGraphqlAuthentication(authenticator: Authenticator): GraphqlAuthentication {
  const principals = new WeakMap<IncomingMessage, Principal>()
  return {
    plugin: {
      async onRequestParse({ serverContext: { req } }) {
        const identity = await authenticator.identify(req.headers.authorization)
        if (identity.outcome !== 'known') throw unauthenticated(refusals[identity.outcome])
        principals.set(req, identity.principal)
      },
      // Any answer that is no stream is whole in a moment, and was asked for in time.
      onResponse({ response: { headers }, serverContext: { req, res } }) {
        const principal = principals.get(req)
        if (principal === undefined || res === undefined || res.closed) return
        if (!headers.get('content-type')?.startsWith('text/event-stream')) return
        res.once(
          'close',
          authenticator.whenExpired(principal, () => endStream(res)),
        )
      },
    },
    principalOf(request) {
      const principal = principals.get(request)
      if (principal === undefined) throw new Error('The request has not been authenticated.')
      return principal
    },
  }
}

function unauthenticated(message: string): GraphQLError {
  // `spec` is Yoga's word for: not in `application/json`, and not in an event stream.
  const http = { status: 401, spec: true, headers: { 'www-authenticate': 'Bearer' } }
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http } })
}
