import { describe, expect, test } from 'vitest'
import { problems } from './problems.ts'

describe('every mistake in API_KEYS is named, and no part of a key is repeated', () => {
  const account = 'has no account of 1 to 64 of a-z 0-9 _ - before a colon'
  const secret = 'has no secret of 16 to 1024 visible ASCII characters after a colon'
  const good = 'acme:a-secret-that-is-long-enough'
  test.for([
    ['a-secret-that-is-long-enough', [`entry 1 ${secret}`]],
    ['acme:fifteen-letters', [`entry 1 ${secret}`]],
    ['Acme:a-secret-that-is-long-enough', [`entry 1 ${account}`]],
    [':a-secret-that-is-long-enough', [`entry 1 ${account}`]],
    [`${'a'.repeat(65)}:a-secret-that-is-long-enough`, [`entry 1 ${account}`]],
    ['acme:a secret that is long enough', [`entry 1 ${secret}`]],
    ['acme:ein-schlüssel-der-lang-ist', [`entry 1 ${secret}`]],
    [`${good},`, [`entry 2 ${account}`, `entry 2 ${secret}`].toSorted()],
    [`${good},beta:a-secret-that-is-long-enough`, ['entry 2 has the secret of entry 1']],
    [
      'acme:short,Beta:short',
      [`entry 1 ${secret}`, `entry 2 ${account}`, `entry 2 ${secret}`, 'entry 2 has the secret of entry 1'].toSorted(),
    ],
  ] as const)('%s', ([keys, wrong]) => {
    // Nor is HOST one: the keys are there, only wrong.
    const found = problems({ API_KEYS: keys, HOST: '0.0.0.0' })
    expect(found.toSorted()).toEqual(wrong.map((problem) => `API_KEYS: ${problem}`))
  })
})

test('an empty API_KEYS counts as absent and opens nothing to others', () => {
  expect(problems({ API_KEYS: '', HOST: '0.0.0.0' })).toHaveLength(1)
})
