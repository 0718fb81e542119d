import { expect, test } from 'vitest'
import { problems } from './problems.ts'

test.for([
  ['TOKENS_PER_DAY', '1.5', '1.5: takes a whole number from 0 to 1000000000000'],
  ['TOKENS_PER_DAY', '1,2', '2: is given twice'],
  ['TOKENS_PER_DAY', '1,acme:many', 'acme: takes a whole number from 0 to 1000000000000'],
  ['COST_PER_DAY', 'acme:1,acme:2', 'acme: is given twice'],
  ['COST_PER_DAY', '-1', '-1: takes a number from 0 to 1000000000'],
  ['MODEL_PRICES', '/no/such/file', 'takes JSON, or the path of a file that can be read; /no/such/file is neither'],
  ['MODEL_PRICES', '{"m"', 'takes JSON, which this is not'],
  ['MODEL_PRICES', '{"m":{"output":1}}', 'm input: takes a number from 0 to 1000000000'],
  ['MODEL_PRICES', '{"m":{"input":1,"output":"1"}}', 'm output: takes a number from 0 to 1000000000'],
  ['MODEL_PRICES', '{"m":{"input":1,"output":1,"reasoning":-1}}', 'm reasoning: takes a number from 0 to 1000000000'],
  ['MODEL_PRICES', '{"m":{"input":1,"output":1,"cached":1}}', 'm: Unrecognized key: "cached"'],
  ['MODEL_PRICES', '{"m":3}', 'm: takes an object with input, output, and perhaps cachedInput and reasoning'],
  [
    'MODEL_PRICES',
    '{"m/words=5":{"input":1,"output":1}}',
    'm/words=5: takes names as `models` lists them, without settings',
  ],
] as const)('%s=%s is refused, with the name of the field', ([name, value, message]) => {
  expect(problems({ [name]: value })).toEqual([`${name}: ${message}`])
})
