import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { type Authenticator, type Identity, refusals } from '../../../access/authenticate.ts'
import type { Principal } from '../../../access/principal.ts'
import { endStream } from '../../streaming/end-stream.ts'

interface HttpContext {
  readonly req: IncomingMessage
  readonly res?: ServerResponse
}

export interface GraphqlAuthentication {
  readonly plugin: Plugin<object, HttpContext>
  /** Who sent the request. A further call for the same request returns what the first found. */
  identify(request: IncomingMessage): Promise<Identity>
  /** The principal of a request that the plugin has authenticated. */
  principalOf(request: IncomingMessage): Principal
}

/**
 * Refuses a request without a valid credential before anything of it is parsed, so it learns nothing, not even whether
 * its syntax is valid. The event stream of a token ends when it expires, without `complete`: stock
 * clients then reconnect and can bring a fresh token.
 */
export function createGraphqlAuthentication(authenticator: Authenticator): GraphqlAuthentication {
  const identities = new WeakMap<IncomingMessage, Identity>()
  const identify = async (request: IncomingMessage): Promise<Identity> => {
    const identity = identities.get(request) ?? (await authenticator.identify(request.headers.authorization))
    identities.set(request, identity)
    return identity
  }
  const knownPrincipal = (request: IncomingMessage): Principal | undefined => {
    const identity = identities.get(request)
    return identity?.outcome === 'known' ? identity.principal : undefined
  }
  return {
    identify,
    plugin: {
      async onRequestParse({ serverContext: { req } }) {
        const identity = await identify(req)
        if (identity.outcome !== 'known') throw unauthenticated(refusals[identity.outcome])
      },
      // An answer that is not a stream ends at once, and was requested in time.
      onResponse({ response: { headers }, serverContext: { req, res } }) {
        const principal = knownPrincipal(req)
        if (principal === undefined || res === undefined || res.closed) return
        if (!headers.get('content-type')?.startsWith('text/event-stream')) return
        res.once(
          'close',
          authenticator.whenExpired(principal, () => endStream(res)),
        )
      },
    },
    principalOf(request) {
      const principal = knownPrincipal(request)
      if (principal === undefined) throw new Error('The request has not been authenticated.')
      return principal
    },
  }
}

function unauthenticated(message: string): GraphQLError {
  // `spec` is Yoga's flag that this status does not apply to `application/json` and event streams.
  const http = { status: 401, spec: true, headers: { 'www-authenticate': 'Bearer' } }
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http } })
}
