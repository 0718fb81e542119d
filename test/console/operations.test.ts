import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, parse } from 'graphql'
import { expect, test } from 'vitest'
import { root } from '../house/imports.ts'
import { tooLarge } from '../support/too-large.ts'

const text = globSync('console/src/**/*.graphql', { cwd: root })
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')

test('the service refuses no operation of the console for its size, with pages of 100', () => {
  const document = parse(text)
  expect(document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length).toBeGreaterThan(40)
  expect(tooLarge(document, 100)).toEqual([])
})
