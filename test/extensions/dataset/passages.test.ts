import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { passagesOf } from '../../../src/extensions/dataset/passages.ts'

const cut = (text: string) => [...passagesOf(text)].map(({ start, end }) => text.slice(start, end))

describe('passages', () => {
  test('a text of 1000 characters stays whole', () => {
    expect(cut('a b '.repeat(250))).toEqual(['a b '.repeat(250)])
  })

  test('no text, no passage', () => {
    expect(cut('')).toEqual([])
  })

  const x = (count: number) => 'x'.repeat(count)
  it.each([
    ['a paragraph', `${x(350)}\n \n`, `${x(200)}. ${x(100)}\n${x(50)} ${x(800)}`],
    ['a sentence, when there is no paragraph', `${x(350)}. ${x(100)}!" `, `${x(100)}\n${x(50)} ${x(800)}`],
    ['a sentence of Chinese', `${'字'.repeat(400)}。`, '字'.repeat(700)],
    ['a line, when there is no sentence', `${x(400)}\n`, `${x(100)} ${x(800)}`],
    ['a word, when there is no line', `${x(400)} `, x(800)],
    ['a late sentence rather than an early paragraph', `${x(200)}\n\n${x(300)}. `, x(800)],
    ['800 characters, when there is nothing else', x(800), x(500)],
  ])('end with %s', (_border, first, rest) => {
    expect(cut(first + rest)[0]).toBe(first)
  })

  test('do not part a surrogate pair', () => {
    expect(cut(`${x(799)}😀${x(600)}`)[0]).toBe(x(799))
  })

  test('join to the original text, none longer than 1000 characters', () => {
    const pieces = fc.constantFrom('word ', 'End. ', '\n\n', 'x'.repeat(300), '😀'.repeat(50), ' '.repeat(400))
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const passages = cut(parts.join(''))
        expect(passages.join('')).toBe(parts.join(''))
        expect(passages.every(({ length }) => length > 0 && length <= 1000)).toBe(true)
      }),
    )
  })
})
