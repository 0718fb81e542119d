import { expect, test } from 'vitest'
import { compileJsonSchema } from '../../../src/conversation/schema/json-schema.ts'

function check(schema: Readonly<Record<string, unknown>>, value: unknown): string | null {
  const compiled = compileJsonSchema(schema)
  if ('problem' in compiled) throw new Error(compiled.problem)
  return compiled.check(value)
}

test.each([
  [{ city: 5 }, 'arguments.city must be string'],
  [{}, "arguments must have required property 'city'"],
  [{ city: 'Oslo', town: 1 }, 'arguments must NOT have additional properties: town'],
  ['Oslo', 'arguments must be object'],
  [{ city: 'Oslo' }, null],
])('of %j it says: %s', (value, words) => {
  const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  expect(check({ ...city, additionalProperties: false }, value)).toBe(words)
})

test('thousands of mistakes are reported in a thousand characters', () => {
  const levels = Array.from({ length: 12 }, (_, n) => {
    const next = { $ref: `#/$defs/level${n + 1}` }
    return [`level${n}`, { anyOf: [next, next] }]
  })
  const $defs = { ...Object.fromEntries(levels), level12: { type: 'string' } }
  const words = check({ type: 'object', $defs, properties: { a: { $ref: '#/$defs/level0' } } }, { a: 5 })
  expect(words).toMatch(/^arguments.a must be string; /)
  expect(words?.length).toBeLessThanOrEqual(1000)
})
