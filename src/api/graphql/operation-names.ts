import { schema } from './schema.ts'

/** An operation that asks for the schema, or for `__typename` alone. */
export const introspection = 'introspection'
/** An operation with several fields, or whose field is in a fragment. */
export const several = 'several'

/** What an operation is counted as: its field. Callers choose no other name. */
export const operationNames: readonly string[] = [
  ...[schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  ),
  introspection,
  several,
]
