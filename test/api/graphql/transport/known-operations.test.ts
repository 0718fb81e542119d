import { type GraphQLFieldMap, GraphQLInt, getNullableType, isInterfaceType, isObjectType, parse } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../../../src/api/graphql/schema.ts'
import { createKnownOperations } from '../../../../src/api/graphql/transport/known-operations.ts'

const document = parse('query A($first: Int!, $id: ID, $other: Int) { a } query B($first: Int) { b }')
const operationAt = (index: number) => {
  const definition = document.definitions[index]
  if (definition?.kind !== 'OperationDefinition') throw new Error('It has two operations.')
  return definition
}

test('an operation is known for the sizes that it was measured with, whatever else its variables are', () => {
  const known = createKnownOperations()
  const [a, b] = [operationAt(0), operationAt(1)]
  known.add(a, { first: 5, id: 'x' })
  expect(known.has(a, { first: 5, id: 'y' })).toBe(true)
  for (const variables of [
    { first: 6 },
    { first: '5' },
    { first: [5] },
    { first: null },
    {},
    { first: 5, other: 1 },
    { first: 5, other: null },
  ]) {
    expect(known.has(a, variables), JSON.stringify(variables)).toBe(false)
  }
  expect(known.has(b, { first: 5 })).toBe(false)
})

test('a client that asks for every size keeps nothing of the process', () => {
  const known = createKnownOperations()
  const operation = operationAt(1)
  for (let first = 0; first < 1000; first++) known.add(operation, { first })
  expect(known.has(operation, { first: 0 })).toBe(false)
  expect(
    Array.from({ length: 1000 }, (_, first) => known.has(operation, { first })).filter(Boolean).length,
  ).toBeLessThanOrEqual(100)
})

test('the cost of every field of the schema reads arguments of type Int and nothing else', () => {
  const measured: string[] = []
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of Object.values(type.getFields() as GraphQLFieldMap<unknown, unknown>)) {
      const { complexity } = field.extensions as { readonly complexity?: unknown }
      if (typeof complexity !== 'function') continue
      const read: PropertyKey[] = []
      const args = new Proxy(
        {},
        {
          get: (_args, name) => void read.push(name),
          ownKeys: () => {
            throw new Error('reads all')
          },
        },
      )
      complexity(
        args,
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('reads the context')
            },
          },
        ),
      )
      for (const name of read) {
        const arg = field.args.find((each) => each.name === name)
        expect(arg && getNullableType(arg.type), `${type.name}.${field.name}(${String(name)})`).toBe(GraphQLInt)
      }
      measured.push(`${type.name}.${field.name}`)
    }
  }
  expect(measured).toContain('Query.channelHistory')
})
