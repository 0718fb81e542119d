import { DateTimeResolver, JSONObjectResolver, JSONResolver } from 'graphql-scalars'
import { formatCursor, parseCursor } from '../../channel/position.ts'
import { isTimezone } from '../../kernel/timezone.ts'
import { builder } from './builder.ts'

builder.addScalarType('DateTime', DateTimeResolver, {
  description: 'A time as RFC 3339 writes it, in UTC, with milliseconds: `2026-11-23T09:00:00.000Z`.',
})

builder.addScalarType('JSONObject', JSONObjectResolver, { description: 'A JSON object of any content.' })

builder.addScalarType('JSON', JSONResolver, {
  description: 'Any JSON: an object, a list, a string, a number, a boolean or null.',
})

builder.scalarType('TimeZone', {
  description: "A time zone's IANA name: `Europe/Berlin`, `UTC`.",
  serialize: (name) => name,
  parseValue: (value) => {
    if (typeof value === 'string' && isTimezone(value)) return value
    throw new TypeError('This is no IANA name of a time zone, such as Europe/Berlin.')
  },
})

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
