import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import type { Position } from '../../channel/position.ts'
import type { Context } from './context.ts'

/** The only schema builder. Each file of this folder registers the types and fields it is named after. */
export const builder = new SchemaBuilder<{
  Context: Context
  DefaultFieldNullability: false
  DefaultInputFieldRequiredness: false
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    TimeZone: { Input: string; Output: string }
    JSON: { Input: unknown; Output: unknown }
    JSONObject: { Input: Record<string, unknown>; Output: Readonly<Record<string, unknown>> }
    Cursor: { Input: Position; Output: Position }
  }
}>({
  plugins: [ComplexityPlugin],
  defaultFieldNullability: false,
  // We check complexity before execution on every transport: see transport/query-limits.ts.
  complexity: { disabled: true },
})

builder.queryType({ description: 'All reads that have one answer.' })
builder.mutationType({ description: 'All writes. Each is stored before the server answers.' })
builder.subscriptionType({
  description: 'All that can be watched, over WebSocket (graphql-transport-ws) or Server-Sent Events.',
})
