import { expect, test } from 'vitest'
import { parseJson, stringifyJson } from '../../src/kernel/json.ts'

test.each([
  '{"id":12345678901234567890}',
  '[-9007199254740993,1,"12345678901234567890"]',
  '{"a":{"b":[9007199254740991,9007199254740993]}}',
  '0.1',
  '"1234567890123456789"',
])('%s keeps its digits', (text) => {
  expect(stringifyJson(parseJson(text))).toBe(text)
})

test('only whole numbers that would be rounded are bigints', () => {
  expect(parseJson('[9007199254740991,9007199254740993,1234567890123456.5,1e20]')).toEqual([
    9007199254740991,
    9007199254740993n,
    1234567890123456.5,
    1e20,
  ])
})

test('numbers of many digits are found wherever they stand', () => {
  const digits = '9007199254740993'
  for (let before = 0; before < 40; before++) {
    for (const filler of [' ', '1']) {
      const text = `["${filler.repeat(before)}x",${digits},"${'123456789012345 '.repeat(before)}"]`
      expect(stringifyJson(parseJson(text))).toBe(text)
      expect(parseJson(`["${'123456789012345 '.repeat(before)}"]`)).toEqual(['123456789012345 '.repeat(before)])
    }
  }
})

test('what is no JSON is refused as ever', () => {
  expect(() => parseJson('{"a":12345678901234567890')).toThrow(SyntaxError)
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  expect(() => stringifyJson(circle)).toThrow(TypeError)
})
