import { DateTimeResolver, JSONObjectResolver, JSONResolver } from 'graphql-scalars'
import { formatCursor, parseCursor } from '../../channel/position.ts'
import { isTimezone } from '../../kernel/timezone.ts'
import { builder } from './builder.ts'
import { exactJson } from './exact-json.ts'

builder.addScalarType('DateTime', DateTimeResolver, {
  description:
    'A moment in time, as RFC 3339 text. The server answers in UTC with milliseconds, `2026-11-23T09:00:00.000Z`, and accepts any offset.',
})

builder.addScalarType('JSONObject', exactJson(JSONObjectResolver), { description: 'A JSON object with any content.' })

builder.addScalarType('JSON', exactJson(JSONResolver), {
  description:
    'Any JSON value: an object, a list, a string, a number, a boolean or null. Whole numbers keep all their digits, also beyond 2^53.',
})

builder.scalarType('TimeZone', {
  description: 'The IANA name of a time zone, such as `Europe/Berlin` or `UTC`.',
  serialize: (name) => name,
  parseValue: (value) => {
    if (typeof value === 'string' && isTimezone(value)) return value
    throw new TypeError('This is not the IANA name of a time zone, such as Europe/Berlin.')
  },
})

builder.scalarType('Cursor', {
  description:
    'An opaque position in the log of one channel. Every event carries one; pass it back as `after` to continue right after that event.',
  serialize: formatCursor,
  parseValue: (value) => {
    const position = typeof value === 'string' ? parseCursor(value) : null
    // Not a GraphQLError: graphql wraps it in one that adds the location of a literal or the path in a variable.
    if (position === null)
      throw new TypeError('This is not a cursor. Pass one back exactly as an event or a dispatch gave it.')
    return position
  },
})
