import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, parse } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/api/graphql/schema.ts'
import { queryTooLarge } from '../../src/api/graphql/transport/query-limits.ts'
import { root } from '../house/imports.ts'

const text = globSync('console/src/**/*.graphql', { cwd: root })
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')
const document = parse(text)

/** The operations that read pages, and their variables. */
const pages = document.definitions.flatMap((definition) => {
  if (definition.kind !== Kind.OPERATION_DEFINITION) return []
  const names = definition.variableDefinitions?.map(({ variable }) => variable.name.value) ?? []
  if (!names.includes('first')) return []
  const ids = Object.fromEntries(names.filter((name) => /id$/i.test(name)).map((name) => [name, 'some-id']))
  return [[definition.name?.value ?? '', ids] as const]
})

test('the console reads eight kinds of pages or more', () => {
  expect(pages.length).toBeGreaterThanOrEqual(8)
})

test.each(pages)('%s may ask for a page of 100', (operation, variables) => {
  expect(queryTooLarge(schema, document, operation, { ...variables, first: 100 })).toBeNull()
})
