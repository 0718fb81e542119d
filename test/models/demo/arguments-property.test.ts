import { Ajv } from 'ajv'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { demoArguments } from '../../../src/models/demo/arguments.ts'

const names = fc.constantFrom('city', 'query', 'days', 'unit', 'tags', 'from_date', 'isFast', 'x1')

const bounds = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 50 }))

const lengths = fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }))

const fewItems = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }))

const scalar = fc.oneof(
  lengths.map(([least, more]) => ({ type: 'string', minLength: least, maxLength: least + more })),
  bounds.map(([least, more]) => ({ type: 'integer', minimum: least, maximum: least + more })),
  bounds.map(([least, more]) => ({ type: 'number', exclusiveMinimum: least, exclusiveMaximum: least + more })),
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: ['null', 'integer'] }),
  fc
    .uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 4 })
    .map((values) => ({ enum: values })),
  fc.oneof(fc.string(), fc.integer(), fc.boolean()).map((value) => ({ const: value })),
)

const { object } = fc.letrec<{ object: object; value: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    scalar,
    fc
      .tuple(tie('value'), fewItems)
      .map(([items, [least, more]]) => ({ type: 'array', items, minItems: least, maxItems: least + more + 1 })),
    tie('object'),
    fc.array(tie('value'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
  ),
  object: fc
    .tuple(fc.dictionary(names, tie('value'), { maxKeys: 4 }), fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }))
    .map(([properties, wanted]) => ({
      type: 'object',
      properties,
      required: Object.keys(properties).filter((_, index) => wanted[index]),
      additionalProperties: false,
    })),
}))

const words = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'for',
    'in',
    'Oslo',
    '3',
    '-7.5',
    '"a b"',
    'true',
    'city=Bergen',
    'days: 9',
    'unit=x',
    'tags=a,b',
    'isFast=no',
    'x1: 4',
  ),
)

/** As many values as could ever have to be made up. */
function valuesIn(schema: object): number {
  const { properties = {}, items, minItems = 1, anyOf = [] } = schema as Nested
  const inner = [...Object.values(properties), ...anyOf].reduce((sum, each) => sum + valuesIn(each), 0)
  return 1 + inner + (items === undefined ? 0 : Math.max(minItems, 1) * valuesIn(items))
}

interface Nested {
  readonly properties?: Readonly<Record<string, object>>
  readonly items?: object
  readonly minItems?: number
  readonly anyOf?: readonly object[]
}

test('arguments are always what the parameters allow', () => {
  const ajv = new Ajv({ strict: false })
  const message = fc.array(words, { maxLength: 6 }).map((each) => each.join(' '))
  fc.assert(
    fc.property(object, message, (parameters, text) => {
      // The demo model stops making values up at a thousand.
      fc.pre(valuesIn(parameters) < 1000)
      const validate = ajv.compile(parameters)
      const made = demoArguments({ ...parameters }, { near: text, before: '', all: text })
      expect([validate(made), validate.errors, made]).toEqual([true, null, made])
    }),
    { numRuns: 200 },
  )
}, 120_000)
