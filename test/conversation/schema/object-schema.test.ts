import { expect, test } from 'vitest'
import { describesObject } from '../../../src/conversation/schema/object-schema.ts'

test('references that multiply come to an end', () => {
  const again = Array.from({ length: 100 }, () => ({ $ref: '#/$defs/a' }))
  expect(describesObject({ allOf: again, $defs: { a: { allOf: again } } })).toBe(false)
})

test.each([
  [{ allOf: [{ title: 'x' }, { $ref: '#/$defs/o' }], $defs: { o: { type: 'object' } } }, true],
  [{ anyOf: [{ type: 'object' }, { $ref: '#/$defs/o' }], $defs: { o: { properties: {} } } }, true],
  [{ anyOf: [{ type: 'object' }, { type: 'string' }] }, false],
  [{ $ref: '#' }, false],
])('%j: %s', (schema, describes) => {
  expect(describesObject(schema)).toBe(describes)
})
