import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { matrices } from '../support/isolation/matrices.ts'
import { root } from './imports.ts'
import { readPage } from './pages.ts'

test.each(Object.keys(matrices))('a test plays the isolation matrix of the API %s', (name) => {
  const tests = globSync('test/specification/**/*.test.ts', { cwd: root })
  expect(
    tests.filter((file) => readPage(file).includes(/^\w+$/.test(name) ? `matrices.${name}` : `matrices['${name}']`)),
  ).not.toEqual([])
})
