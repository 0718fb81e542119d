import { expect, test } from 'vitest'
import { argumentBounds, createCallReader } from '../../src/conversation/read-call.ts'
import { inlineChecks } from '../support/inline-helpers.ts'
import { functionSpec } from '../support/run/facts.ts'

const readCalls = createCallReader({
  functions: [functionSpec('note', { parameters: { type: 'object' } })],
  limit: 2,
  check: () => inlineChecks.begin('acme'),
})
const nested = (levels: number) => `${'{"a":'.repeat(levels)}{}${'}'.repeat(levels)}`

test.each([
  [
    'too long',
    JSON.stringify({ a: 'x'.repeat(argumentBounds.characters) }),
    /have 1000008 characters; a call takes at most 1000000/,
  ],
  ['nested too deep', nested(argumentBounds.levels + 1), /nested deeper than 100 levels/],
  ['nested so deep that nothing could write them again', nested(5000), /nested deeper than 100 levels/],
  ['no JSON', '{"a":', /are not JSON/],
])('arguments that are %s are an error for the model, and not kept', async (_what, text, message) => {
  const [read] = await readCalls([{ name: 'note', arguments: text }], 0)
  expect(read).toEqual({
    arguments: null,
    answer: 'static',
    problem: { code: 'BAD_ARGUMENTS', message: expect.stringMatching(message) },
  })
})

test('arguments up to the bounds are taken, and calls are counted one by one', async () => {
  const call = { name: 'note', arguments: nested(argumentBounds.levels - 1) }
  const read = await readCalls([call, { name: 'note', arguments: '' }], 1)
  expect(read.map(({ problem }) => problem?.code ?? null)).toEqual([null, 'LIMIT_EXCEEDED'])
  expect(read[1]?.arguments).toEqual({})
})
