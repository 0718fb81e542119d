import { expect, test } from 'vitest'
import { hasTooManyValues, mostValues } from '../../src/api/json-values.ts'

const zeros = (count: number) => Array.from({ length: count }, () => 0)
const long = 'x'.repeat(2 * mostValues)

// The mark before each value counts: a list of n values has n, a field has two.
test.each<[string, unknown, boolean]>([
  ['as many values as are taken', [long, ...zeros(mostValues - 1)], false],
  ['one more', [long, ...zeros(mostValues)], true],
  ['half as many fields', Object.fromEntries(zeros(mostValues / 2).map((_, n) => [`field ${n}`, 0])), false],
  ['as many fields', Object.fromEntries(zeros(mostValues).map((_, n) => [n, 0])), true],
  ['as many objects in each other', JSON.parse(`${'{"a":'.repeat(3000)}0${'}'.repeat(3000)}`), false],
  ['a text of commas, brackets and colons', ',[{:'.repeat(mostValues), false],
  ['the same behind a quote', `"${',[{:'.repeat(mostValues)}`, false],
  ['the same behind a backslash', `\\${',[{:'.repeat(mostValues)}`, false],
  ['texts of quotes and backslashes, with values behind them', ['\\"\\', ...zeros(mostValues)], true],
])('%s', (_name, value, isTooMuch) => {
  expect(hasTooManyValues(JSON.stringify(value))).toBe(isTooMuch)
})
