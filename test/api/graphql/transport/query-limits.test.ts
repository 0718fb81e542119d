import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'
import { schema as published } from '../../../../src/api/graphql/schema.ts'
import { queryTooLarge } from '../../../../src/api/graphql/transport/query-limits.ts'

const schema = buildSchema('type Query { inner: Query, list: [Query], leaf: Int }')

function problem(query: string, operationName?: string, of = schema): string | undefined {
  const error = queryTooLarge(of, parse(query), operationName, {})
  if (error !== null) expect(error.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' })
  return error?.message
}

function nested(field: string, depth: number): string {
  return depth === 1 ? 'leaf' : `${field} { ${nested(field, depth - 1)} }`
}

test('fifteen levels are accepted, sixteen are not', () => {
  expect(problem(`{ ${nested('inner', 15)} }`)).toBeUndefined()
  expect(problem(`{ ${nested('inner', 16)} }`)).toBe('The depth of this operation is 16; at most 15 is allowed.')
})

test('five hundred fields, aliases included, are accepted, and one more is not', () => {
  const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: leaf`).join(' ')} }`
  expect(problem(aliases(500))).toBeUndefined()
  expect(problem(aliases(501))).toBe('The breadth of this operation is 501; at most 500 is allowed.')
})

test('a list counts ten times what is in it', () => {
  expect(problem(`{ ${nested('list', 5)} }`)).toBeUndefined()
  expect(problem(`{ ${nested('list', 6)} }`)).toMatch(
    /^The complexity of this operation is \d+; at most 30000 is allowed\.$/,
  )
})

test('only the executed operation is measured, with its fragments', () => {
  const document = `query Small { leaf } query Large { ...Deep } fragment Deep on Query { ${nested('inner', 16)} }`
  expect(problem(document, 'Small')).toBeUndefined()
  expect(problem(document, 'Large')).toMatch(/^The depth/)
})

test('an operation searches a few datasets, each of which is read whole, and no page of them', () => {
  const search = 'search(query: "tea") { text score record { id text } }'
  const searches = (count: number) =>
    `{ ${Array.from({ length: count }, (_, i) => `a${i}: dataset(id: "d") { ${search} }`).join(' ')} }`
  expect(problem(searches(5), undefined, published)).toBeUndefined()
  expect(problem(searches(10), undefined, published)).toMatch(/^The complexity/)
  expect(problem(`{ datasets(first: 20) { edges { node { ${search} } } } }`, undefined, published)).toMatch(
    /^The complexity/,
  )
  expect(problem('{ overview { queued lastHour { failures { code count } } } }', undefined, published)).toBeUndefined()
})
