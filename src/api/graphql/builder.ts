import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import type { Position } from '../../channel/position.ts'
import type { Context } from './context.ts'

/** The one builder; each file of this folder registers what it is named for. */
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
  // Checked before execution, for every transport: see server/query-limits.ts.
  complexity: { disabled: true },
})

builder.queryType({ description: 'What can be read once.' })
builder.mutationType({ description: 'What can be done. Each takes effect before its answer comes.' })
builder.subscriptionType({
  description: 'What can be watched, over WebSocket (graphql-transport-ws) or Server-Sent Events.',
})
