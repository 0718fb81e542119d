import { describe, expect, test } from 'vitest'
import { demoArguments } from '../../../src/models/demo/arguments.ts'
import { expectLinear } from '../../support/growth.ts'

const text = { type: 'string' }
const whole = { type: 'integer' }

/** A message after the function's name, and what is made of it. */
function from(message: string, properties: object, required: readonly string[] = Object.keys(properties)) {
  return demoArguments({ type: 'object', properties, required }, { near: message, before: '', all: message })
}

describe('from the message', () => {
  test.each([
    [' for Oslo', { city: text }, { city: 'Oslo' }],
    [' for Oslo, please.', { city: text }, { city: 'Oslo' }],
    [' in New York?', { location: text }, { location: 'New York' }],
    [' about the price of tea. Thanks!', { query: text }, { query: 'the price of tea' }],
    [' cats and dogs', { query: text }, { query: 'cats and dogs' }],
    [' city=Oslo', { city: text }, { city: 'Oslo' }],
    [' City = Oslo.', { city: text }, { city: 'Oslo' }],
    [' city: New York, days: 3', { city: text, days: whole }, { city: 'New York', days: 3 }],
    [' city: New York and days: 3', { city: text, days: whole }, { city: 'New York', days: 3 }],
    [' city=Oslo,days=3', { city: text, days: whole }, { city: 'Oslo', days: 3 }],
    [' with {"city":"Oslo","days":3}', { city: text, days: whole }, { city: 'Oslo', days: 3 }],
    [' city="New York" for 3 days', { city: text, days: whole }, { city: 'New York', days: 3 }],
    [' maxResults=5', { max_results: whole }, { max_results: 5 }],
    [' max results: 5', { maxResults: whole }, { maxResults: 5 }],
    [' url=https://example.com/a?b=c', { url: text }, { url: 'https://example.com/a?b=c' }],
    [' from "Oslo" to “Bergen”', { from: text, to: text }, { from: 'Oslo', to: 'Bergen' }],
    [" don't look at 'Oslo'", { city: text }, { city: 'Oslo' }],
    [' with 3 and 4.5', { a: whole, b: { type: 'number' } }, { a: 3, b: 4.5 }],
    [' for 3 players', { players: whole }, { players: 3 }],
    [' -7', { by: whole }, { by: -7 }],
    [' quiet=no', { quiet: { type: 'boolean' } }, { quiet: false }],
    [' in celsius for Oslo', { unit: { enum: ['kelvin', 'celsius'] } }, { unit: 'celsius' }],
    [' unit=CELSIUS', { unit: { enum: ['kelvin', 'celsius'] } }, { unit: 'celsius' }],
    [' tags=a,b', { tags: { type: 'array', items: text } }, { tags: ['a', 'b'] }],
    [' tags: [a, "b c"]', { tags: { type: 'array', items: text } }, { tags: ['a', 'b c'] }],
    [' sizes=1,2', { sizes: { type: 'array', items: whole } }, { sizes: [1, 2] }],
    [' street=Karl', { at: { type: 'object', properties: { street: text } } }, { at: { street: 'Karl' } }],
  ])('%s', (message, properties, expected) => {
    expect(from(message, properties)).toEqual(expected)
  })

  test.each([
    ['', {}],
    [' for Oslo', { city: 'Oslo' }],
    [' for Oslo, 3 days', { city: 'Oslo, 3 days' }],
    [' city=Oslo, 3 days', { city: 'Oslo', days: 3 }],
    [' in kelvin', { city: 'kelvin', unit: 'kelvin' }],
    [' fast=true', { fast: true }],
  ])('optional ones only when the message gives them: %j', (message, expected) => {
    const properties = { city: text, note: text, days: whole, unit: { enum: ['kelvin'] }, fast: { type: 'boolean' } }
    expect(from(message, properties, [])).toEqual(expected)
  })
})

describe('made up where the message says nothing', () => {
  test.each([
    [text, 'demo'],
    [{ type: 'string', minLength: 12 }, 'demo demo de'],
    [{ type: 'string', maxLength: 2 }, 'de'],
    [{ type: 'string', format: 'date' }, '2026-01-01'],
    [{ type: 'string', format: 'email' }, 'demo@example.com'],
    [{ type: 'string', default: 'Oslo' }, 'Oslo'],
    [{ type: 'string', examples: ['Oslo'] }, 'Oslo'],
    [{ enum: ['b', 'a'] }, 'b'],
    [{ enum: [null, 1] }, null],
    [{ const: 7 }, 7],
    [whole, 1],
    [{ type: 'integer', minimum: 18 }, 18],
    [{ type: 'integer', maximum: -3 }, -3],
    [{ type: 'integer', exclusiveMinimum: 1 }, 2],
    [{ type: 'number', exclusiveMaximum: 1 }, 0.5],
    [{ type: 'integer', multipleOf: 5 }, 5],
    [{ type: 'number', default: 0 }, 0],
    [{ type: 'boolean' }, true],
    [{ type: 'boolean', default: false }, false],
    [{ type: 'null' }, null],
    [{ type: ['null', 'string'] }, 'demo'],
    [{ type: 'array', items: whole }, [1]],
    [{ type: 'array', items: { enum: ['a', 'b'] }, minItems: 2, uniqueItems: true }, ['a', 'b']],
    [{ type: 'array', items: text, minItems: 2, uniqueItems: true }, ['demo', 'demo 2']],
    [{ type: 'array', maxItems: 0 }, []],
    [{ type: 'object', properties: { a: whole, b: whole }, required: ['a'] }, { a: 1 }],
    [{ type: 'object' }, {}],
    [{ anyOf: [{ type: 'null' }, whole] }, 1],
    [
      {
        allOf: [
          { properties: { a: whole }, required: ['a'] },
          { properties: { b: text }, required: ['b'] },
        ],
      },
      { a: 1, b: 'demo' },
    ],
    [{}, 'demo'],
  ])('%j', (schema, expected) => {
    expect(from('', { x: schema })).toEqual({ x: expected })
  })

  test.each([
    ['age=7', { type: 'integer', minimum: 18 }, 18],
    ['age=7.6', whole, 8],
    ['age=old', whole, 1],
    ['age=7', { enum: ['young', 'old'] }, 'young'],
    ['age=7', { type: 'string', minLength: 3 }, '7 d'],
  ])('and bent to the schema where it says what is not allowed: %s', (message, schema, expected) => {
    expect(from(message, { age: schema })).toEqual({ age: expected })
  })
})

test('references are followed', () => {
  const parameters = {
    $defs: { city: { type: 'object', properties: { name: text }, required: ['name'] } },
    properties: { from: { $ref: '#/$defs/city' } },
    required: ['from'],
  }
  expect(demoArguments(parameters, { near: ' in Oslo', before: '', all: ' in Oslo' })).toEqual({
    from: { name: 'Oslo' },
  })
})

test.each([
  [{ allOf: Array.from({ length: 20 }, () => ({ $ref: '#' })) }],
  [{ anyOf: [{ $ref: '#' }] }],
  [
    {
      properties: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`p${n}`, { $ref: '#' }])),
      required: ['p1', 'p2'],
    },
  ],
  [{ properties: { x: { type: 'array', minItems: 1e9, items: whole } }, required: ['x'] }],
])('a schema that never ends comes to an end', (parameters) => {
  expect(JSON.stringify(demoArguments(parameters, { near: '', before: '', all: '' })).length).toBeLessThan(50_000)
})

test.each(['a=b ', ' ', '"', 'for ', "'a"])(
  'a message of nothing but %j is read in time that grows with its length',
  (piece) => {
    const properties = Object.fromEntries(Array.from({ length: 4 }, (_, n) => [`property${n}`, text]))
    expectLinear((size) => from(piece.repeat(size), properties), 1000)
  },
)
