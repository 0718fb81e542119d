import { assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createScrubber } from '../../../src/extensions/fetch/scrub.ts'
import type { SecretValue } from '../../../src/extensions/fetch/secret-headers.ts'
import { expectLinear } from '../../support/growth.ts'

const scrub = (secret: SecretValue, text: string) => createScrubber([secret]).text(text)

const writings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => encodeURIComponent(text),
  (text) => encodeURIComponent(text).toLowerCase(),
  (text) => new URLSearchParams([['', text]]).toString().slice(1),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => [...text].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  (text) => [...text].map((unit) => `&#x${unit.charCodeAt(0).toString(16)};`).join(''),
  (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
]

test('any secret, in any encoding, is removed, and nothing else is', () => {
  const secretOf = string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 })
  assert(
    property(secretOf, constantFrom(...writings), (value, write) => {
      const around = 'ⓧ'
      expect(scrub({ type: 'plain', value }, around + write(value) + around)).toBe(`${around}[secret]${around}`)
    }),
    { numRuns: 1000 },
  )
})

describe('removing secrets', () => {
  test.each<[SecretValue['type'], string, string, string]>([
    ['plain', 'key', 'a key, a KEY, keykey', 'a [secret], a [secret], [secret]'],
    ['plain', 'key', 'nothing of the kind %20 \\n &amp;', 'nothing of the kind %20 \\n &amp;'],
    ['bearer', 'key-1', 'Authorization: Bearer key-1', 'Authorization: Bearer [secret]'],
    ['basic', 'ann:pa55', 'Basic YW5uOnBhNTU= of ann, whose pa55 it is', 'Basic [secret] of ann, whose [secret] it is'],
    ['basic', 'ann:pa55', '{"auth": "Basic%20YW5uOnBhNTU%3D"}', '{"auth": "Basic%20[secret]"}'],
    ['basic', 'ann:a', 'a word, and ann:a', 'a word, and [secret]'],
    ['plain', 'aé€', 'a%C3%A9%E2%82%AC, a&#233;&#x20ac;, a\\u00e9\\u20ac', '[secret], [secret], [secret]'],
    ['plain', 'aé', 'a%C3%A9%E2%82%AC', '[secret]%E2%82%AC'],
    ['plain', 'a%2Fb', 'a%2Fb, a%252Fb', '[secret], [secret]'],
    ['plain', 'a/b', 'İİ a\\/b İ', 'İİ [secret] İ'],
  ])('of %s %j in %j', (type, value, text, clean) => {
    expect(scrub({ type, value }, text)).toBe(clean)
  })

  test('leaves no character of a long secret', () => {
    expect(scrub({ type: 'plain', value: `${'k'.repeat(4096)}x` }, 'an x')).toBe('an x')
  })

  test('costs no more for a longer secret: even texts that match it everywhere are read once', () => {
    const both = (size: number) => scrub({ type: 'basic', value: `${'+'.repeat(size)}b` }, '%2b'.repeat(10 * size))
    expectLinear(both, 1000)
  })
})
