import { describe, expect, test } from 'vitest'
import { functionInputs, schemaIssues } from '../../../src/conversation/input/function-input.ts'
import { compileJsonSchema } from '../../../src/conversation/schema/json-schema.ts'
import { modernSchema } from '../../../src/conversation/schema/modern-schema.ts'
import type { Schema } from '../../../src/conversation/schema/walk.ts'
import type { InputIssue } from '../../../src/kernel/errors.ts'
import { inlineChecks } from '../../support/inline-helpers.ts'

const draft = (name: string) => ({ $schema: `http://json-schema.org/draft-${name}/schema#` })
const year = (name: string) => ({ $schema: `https://json-schema.org/draft/${name}/schema` })
const openApi = { $schema: 'https://spec.openapis.org/oas/3.0/schema/2021-09-28' }
const of = (x: unknown, more: object = {}): Schema => ({ type: 'object', properties: { x }, ...more })
const pair = { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: false }
const modernPair = { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false }
const node = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false }

interface Case {
  readonly schema: Schema
  readonly good: readonly unknown[]
  readonly bad: readonly unknown[]
  /** What the model reads; absent: the schema as it stands, without `$schema`. */
  readonly sees?: Schema
}

/** One line a report. Values are those of `x`, save where the schema has none. */
const cases: Readonly<Record<string, Case>> = {
  'recursion to the whole (zod 4)': {
    schema: { ...year('2020-12'), ...node },
    good: [{ next: {} }],
    bad: [{ next: 1 }],
  },
  'recursion by the schema’s own name': {
    schema: { $id: 'https://a.b/node', ...node, properties: { next: { $ref: 'https://a.b/node#' } } },
    good: [{ next: { next: {} } }],
    bad: [{ next: { other: 1 } }],
    sees: node,
  },
  'a tuple of draft-07': {
    schema: of(pair, draft('07')),
    good: [['a', 1]],
    bad: [[1], ['a', 1, 2]],
    sees: of(modernPair),
  },
  'a tuple of draft-07 that does not say so': {
    schema: of(pair),
    good: [['a', 1]],
    bad: [[1], ['a', 1, 2]],
    sees: of(modernPair),
  },
  'a tuple of 2019-09': { schema: of(pair, year('2019-09')), good: [['a', 1]], bad: [[1]], sees: of(modernPair) },
  'a tuple of 2020-12': { schema: of(modernPair, year('2020-12')), good: [['a', 1]], bad: [[1], ['a', 1, 2]] },
  'nullable beside anyOf (OpenAPI)': {
    schema: of({ anyOf: [{ type: 'string' }, { type: 'number' }], nullable: true }),
    good: ['a', 1, null],
    bad: [true],
    sees: of({ anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] }),
  },
  'nullable beside a type and an enum': {
    schema: of({ type: 'string', enum: ['a'], nullable: true }, openApi),
    good: ['a', null],
    bad: ['b'],
    sees: of({ type: ['string', 'null'], enum: ['a', null] }),
  },
  'nullable beside a reference': {
    schema: { ...of({ $ref: '#/definitions/s', nullable: true }), definitions: { s: { type: 'string' } } },
    good: ['a', null],
    bad: [1],
    sees: {
      ...of({ anyOf: [{ $ref: '#/definitions/s' }, { type: 'null' }] }),
      definitions: { s: { type: 'string' } },
    },
  },
  'nullable in draft-07': {
    schema: of({ type: 'string', nullable: true }, draft('07')),
    good: [null],
    bad: [1],
    sees: of({ type: ['string', 'null'] }),
  },
  'nullable: false': {
    schema: of({ type: 'string', nullable: false }),
    good: ['a'],
    bad: [null],
    sees: of({ type: 'string' }),
  },
  'bounds of draft-04': {
    schema: of(
      { type: 'number', minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
      draft('04'),
    ),
    good: [2, 9],
    bad: [1, 10],
    sees: of({ type: 'number', exclusiveMinimum: 1, maximum: 9 }),
  },
  'bounds of OpenAPI 3.0': {
    schema: of({ type: 'integer', minimum: 1, exclusiveMinimum: true }, openApi),
    good: [2],
    bad: [1],
    sees: of({ type: 'integer', exclusiveMinimum: 1 }),
  },
  'bounds that do not say whose they are': {
    schema: of({ type: 'number', maximum: 5, exclusiveMaximum: true }),
    good: [4],
    bad: [5],
    sees: of({ type: 'number', exclusiveMaximum: 5 }),
  },
  'names of draft-04': {
    schema: { ...draft('04'), id: 'http://a.b/x', ...of({ id: '#x', type: 'string' }) },
    good: ['a'],
    bad: [1],
    sees: of({ type: 'string' }),
  },
  'const of draft-06': { schema: of({ const: 'a' }, draft('06')), good: ['a'], bad: ['b'] },
  'if of draft-07': {
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so.
    schema: of({ if: { type: 'string' }, then: { minLength: 2 } }, draft('07')),
    good: ['ab', 1],
    bad: ['a'],
  },
  'dependencies, of names and of schemas': {
    schema: { type: 'object', dependencies: { a: ['b'], c: { required: ['d'] } } },
    good: [
      { a: 1, b: 1 },
      { c: 1, d: 1 },
    ],
    bad: [{ a: 1 }, { c: 1 }],
    sees: { type: 'object', dependentRequired: { a: ['b'] }, dependentSchemas: { c: { required: ['d'] } } },
  },
  'what stands beside a reference means nothing in draft-07': {
    schema: {
      ...draft('07'),
      ...of({ $ref: '#/definitions/s', maxLength: 1 }),
      definitions: { s: { type: 'string' } },
    },
    good: ['long'],
    bad: [1],
    sees: { ...of({ $ref: '#/definitions/s' }), definitions: { s: { type: 'string' } } },
  },
  'what stands beside a reference counts in 2020-12': {
    schema: { ...year('2020-12'), ...of({ $ref: '#/$defs/s', maxLength: 1 }), $defs: { s: { type: 'string' } } },
    good: ['a'],
    bad: ['long'],
  },
  'recursion of 2019-09': {
    schema: {
      ...year('2019-09'),
      type: 'object',
      properties: { next: { $recursiveRef: '#' } },
      additionalProperties: false,
    },
    good: [{ next: {} }],
    bad: [{ next: { other: 1 } }],
    sees: node,
  },
  'a reference into a tuple': {
    schema: { type: 'object', properties: { x: pair, y: { $ref: '#/properties/x/items/0' } } },
    good: [{ y: 'a' }],
    bad: [{ y: 1 }],
    sees: { type: 'object', properties: { x: modernPair, y: { $ref: '#/properties/x/prefixItems/0' } } },
  },
  'nothing but a reference to a definition': {
    schema: { ...draft('07'), $ref: '#/definitions/Input', definitions: { Input: of({ type: 'string' }) } },
    good: ['a'],
    bad: [1],
    sees: { ...of({ type: 'string' }), definitions: { Input: of({ type: 'string' }) } },
  },
  'a pattern that escapes more than it must': { schema: of({ pattern: '^[\\w-\\.]+$' }), good: ['a.b'], bad: ['a b'] },
  'ajv’s own keyword for promises': {
    schema: of({ type: 'string' }, { $async: true }),
    good: ['a'],
    bad: [1],
    sees: of({ type: 'string' }),
  },
  'parts with names of their own, twice': {
    schema: of({ $id: 'https://a.b/part', type: 'string' }),
    good: ['a'],
    bad: [1],
  },
  'the same name for another part': { schema: of({ $id: 'https://a.b/part', type: 'number' }), good: [1], bad: ['a'] },
  'properties that are called like keywords': {
    schema: {
      type: 'object',
      properties: { nullable: { type: 'boolean' }, items: { type: 'array' }, $ref: { type: 'string' } },
    },
    good: [{ nullable: true, items: [], $ref: 'a' }],
    bad: [{ nullable: 1 }, { items: 1 }, { $ref: 1 }],
  },
}

describe.each(Object.entries(cases))('%s', (_what, { schema, good, bad, sees }) => {
  const { properties = {} } = schema as { readonly properties?: object }
  const isOfX = (Object.keys(properties).length === 1 && 'x' in properties) || '$ref' in schema
  const wrapped = (value: unknown) => (isOfX ? { x: value } : value)

  test('is checked as it was meant', () => {
    const compiled = compileJsonSchema(schema)
    if ('problem' in compiled) throw new Error(compiled.problem)
    for (const value of good) expect(compiled.check(wrapped(value)), JSON.stringify(value)).toBe(null)
    for (const value of bad) expect(compiled.check(wrapped(value)), JSON.stringify(value)).toBeTypeOf('string')
  })

  test('is told to the model in words of 2020-12 that mean the same', () => {
    const modern = modernSchema(schema)
    const { $schema: _dialect, ...rest } = schema
    expect(modern).toEqual(sees ?? rest)
    const compiled = compileJsonSchema({ ...year('2020-12'), ...modern })
    if ('problem' in compiled) throw new Error(compiled.problem)
    for (const value of good) expect(compiled.check(wrapped(value)), JSON.stringify(value)).toBe(null)
    for (const value of bad) expect(compiled.check(wrapped(value)), JSON.stringify(value)).toBeTypeOf('string')
  })

  test('is taken as a function’s parameters', async () => {
    expect(await issuesOf(schema)).toEqual([])
  })
})

test.each([
  [of({ type: 'any' }), ['properties', 'x', 'type'], /allowed values: array, boolean/],
  [of({ $ref: '#/$defs/none' }), ['properties', 'x', '$ref'], /nothing at the reference/],
  [of({ $ref: 'https://a.b/other.json' }), ['properties', 'x', '$ref'], /nothing at the reference/],
  [of({ pattern: '(?P<year>\\d+)' }), ['properties', 'x'], /Invalid regular expression/],
  [of({ type: 'string', minLength: '1' }, draft('07')), ['properties', 'x', 'minLength'], /must be integer/],
  [{ type: 'object', required: true }, ['required'], /must be array/],
  [{ type: 'string' }, [], /takes a JSON Schema with "type": "object"/],
  [{ $ref: '#/$defs/s', $defs: { s: { type: 'string' } } }, [], /takes a JSON Schema with "type": "object"/],
])('%j is refused at %j', async (parameters, path, words) => {
  const issues = await issuesOf(parameters)
  const message = expect.stringMatching(words)
  expect(issues).toMatchObject([{ path: ['functions', 0, 'parameters'], message }])
  if (path.length > 0) expect(issues[0]?.message).toContain(` at ${path.join('.')}: `)
})

/** What is wrong with a schema as a function's parameters: their form first, then the schema itself. */
async function issuesOf(parameters: Schema): Promise<readonly InputIssue[]> {
  const { data, error } = functionInputs.safeParse([{ name: 'f', description: 'F.', parameters }])
  if (data === undefined) {
    return error.issues.map(({ path, message }) => ({
      path: ['functions', ...path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
      message,
    }))
  }
  return schemaIssues({ functions: data }, (schemas) => inlineChecks.problems('acme', schemas))
}
