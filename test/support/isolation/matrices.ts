import type { ApiName } from '../../../src/api/apis.ts'
import { agUiRows } from './isolation-ag-ui.ts'
import { aiSdkRows } from './isolation-ai-sdk.ts'
import { endpointRows } from './isolation-endpoints.ts'
import { schemaRows } from './isolation-rows.ts'
import { openaiRows } from './openai-rows.ts'

/** Of every API, all that can be asked of it, and who may ask. A new API has its rows here, and a test that plays them. */
export const matrices = {
  graphql: schemaRows,
  chatbotkit: endpointRows,
  openai: openaiRows,
  'ai-sdk': aiSdkRows,
  'ag-ui': agUiRows,
} as const satisfies Readonly<Record<ApiName, readonly { readonly name: string }[]>>
