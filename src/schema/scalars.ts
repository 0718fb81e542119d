import { DateTimeResolver, JSONObjectResolver } from 'graphql-scalars'
import { formatCursor, parseCursor } from '../channel/position.ts'
import { builder } from './builder.ts'

builder.addScalarType('DateTime', DateTimeResolver, {
  description: 'A time as RFC 3339 writes it, in UTC, with milliseconds: `2026-11-23T09:00:00.000Z`.',
})

builder.addScalarType('JSONObject', JSONObjectResolver, { description: 'A JSON object of any content.' })

builder.scalarType('Cursor', {
  description:
    "An opaque position in one channel's log. Every event carries one; pass it back as `after` to go on behind it.",
  serialize: formatCursor,
  parseValue: (value) => {
    const position = typeof value === 'string' ? parseCursor(value) : null
    // No GraphQLError: GraphQL makes it one, with the place of a literal or the path in a variable.
    if (position === null)
      throw new TypeError('This is no cursor. Pass one back just as an event or a dispatch gave it.')
    return position
  },
})
