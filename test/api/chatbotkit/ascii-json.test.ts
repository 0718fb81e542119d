import { expect, test } from 'vitest'
import { asciiJson } from '../../../src/api/chatbotkit/ascii-json.ts'

test.each([
  ['é', '"\\u00e9"'],
  ['世', '"\\u4e16"'],
  ['😀', '"\\ud83d\\ude00"'],
  ['\ud800', '"\\ud800"'],
  ['\u2028\u007f', '"\\u2028\\u007f"'],
  ['a\nb', '"a\\nb"'],
])('writes %j in ASCII, and what reads it gets the same', (value, json) => {
  expect(asciiJson(value)).toBe(json)
  expect(JSON.parse(asciiJson({ [value]: [value] }))).toEqual({ [value]: [value] })
})
