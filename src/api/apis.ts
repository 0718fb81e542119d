import type { Api, ApiDeps } from './api.ts'
import { createChatbotkitApi } from './chatbotkit/api.ts'
import { createGraphqlApi } from './graphql/api.ts'

/**
 * Every API of the server. For a path that several own, the first one answers; it also tells what the server refuses on
 * a path that none owns.
 */
export function createApis(deps: ApiDeps): readonly [Api, ...Api[]] {
  return [createGraphqlApi(deps), createChatbotkitApi(deps)]
}
