import type { Api, ApiDeps } from './api.ts'
import { createChatbotkitApi } from './chatbotkit/api.ts'
import { createGraphqlApi } from './graphql/api.ts'

/**
 * Every API of the server. If several own a path, the first of them answers. The first API also gives errors their form on
 * a path that no API owns.
 */
export function createApis(deps: ApiDeps): readonly [Api, ...Api[]] {
  return [createGraphqlApi(deps), createChatbotkitApi(deps)]
}
