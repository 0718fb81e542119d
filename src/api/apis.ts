import { createAgUiApi } from './ag-ui/api.ts'
import { createAiSdkApi } from './ai-sdk/api.ts'
import type { Api, ApiDeps } from './api.ts'
import { createChatbotkitApi } from './chatbotkit/api.ts'
import { createGraphqlApi } from './graphql/api.ts'
import { createOpenaiApi } from './openai/api.ts'

/** Every API, by the name of its folder. CONTRIBUTING.md says how to add one. */
const apis = {
  graphql: createGraphqlApi,
  chatbotkit: createChatbotkitApi,
  openai: createOpenaiApi,
  'ai-sdk': createAiSdkApi,
  'ag-ui': createAgUiApi,
} as const satisfies Readonly<Record<string, (deps: ApiDeps) => Api>>

export type ApiName = keyof typeof apis

/**
 * If several APIs own a path, the first of them answers. The first API also gives errors their form on
 * a path that no API owns.
 */
export function createApis(deps: ApiDeps): readonly [Api, ...Api[]] {
  const { graphql, ...others } = apis
  return [graphql(deps), ...Object.values(others).map((create) => create(deps))]
}
