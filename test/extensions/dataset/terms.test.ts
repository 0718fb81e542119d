import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { distance } from '../../../src/extensions/dataset/index/distance.ts'
import { expand } from '../../../src/extensions/dataset/index/expand.ts'
import { createPostings } from '../../../src/extensions/dataset/index/postings.ts'
import { createVocabulary } from '../../../src/extensions/dataset/index/vocabulary.ts'
import { chunksOf } from '../../../src/extensions/dataset/words/chunks.ts'
import { normalise } from '../../../src/extensions/dataset/words/fold.ts'
import { languagesOf } from '../../../src/extensions/dataset/words/languages.ts'
import { tellingChunks, unitsOf } from '../../../src/extensions/dataset/words/query.ts'
import { accentMark, termsOf } from '../../../src/extensions/dataset/words/terms.ts'
import { createFormsOf } from '../../../src/extensions/dataset/words/word.ts'

const chunks = (text: string) => chunksOf(normalise(text))
const english = createFormsOf(['english', 'russian', 'korean', 'arabic', 'hebrew'])
const terms = (text: string) => {
  const [plain, derived]: [string[], string[]] = [[], []]
  for (const chunk of chunks(text)) {
    plain.push(...termsOf(chunk, english).plain)
    derived.push(...termsOf(chunk, english).derived)
  }
  return { plain, derived: derived.map((term) => term.replace(accentMark, '=')) }
}

describe('chunks', () => {
  it.each([
    ["Don't panic, v1.2: a_b", ["Don't", 'panic', 'v1.2', 'a_b']],
    ['§ 5 — €!', ['5']],
    ['हिन्दी भाषा', ['हिन्दी', 'भाषा']],
    ['Wait... what? The end.Next', ['Wait', 'what', 'The', 'end.Next']],
    ['1,299.00 or 3, 4', ['1,299.00', 'or', '3', '4']],
    ['C++, C# and .NET; a+b', ['C++', 'C#', 'and', '.NET', 'a+b']],
    ['"quoted" said', ['quoted', 'said']],
  ])('%j has the chunks %j', (text, expected) => {
    expect(chunks(text)).toEqual(expected)
  })
})

describe('terms', () => {
  it.each([
    ['Café', ['cafe'], ['=café']],
    ['ＦＵＬＬ', ['full'], []],
    ['Ёлка', ['елка'], ['=ёлка', 'елк']],
    ['чёрный', ['черный'], ['=чёрный', 'черн']],
    ['서울', ['서울'], []],
    ['회의', ['회의'], []],
    ['서울에서', ['서울에서'], ['서울']],
    ['東京都庁', ['东京', '都庁'], ['京都']],
    ['iPhone電源', ['电源'], ['phone', 'iphone']],
    ['茶', ['茶'], []],
    ["Smith's", ['smith'], ['smiths']],
    ["l'eau", ['eau'], ['leau']],
    ['AB-1234', ['ab', '1234'], ['ab1234']],
    ['AB1234', ['ab1234'], ['ab', '1234']],
    ['a1b2c3', ['a1b2c3'], []],
    ['2.10.1', ['2', '10', '1'], ['2.10', '2.10.1', '10.1']],
    ['555.123.4567', ['555', '123', '4567'], ['555123', '5551234567', '1234567']],
    ['C++', ['c', 'c++'], []],
    ['.NET', ['net', '.net'], []],
    ['الكتاب', ['الكتاب'], ['كتاب']],
  ])('%s is found under %j, and below under %j', (word, plain, derived) => {
    const found = terms(word)
    expect(found.plain).toEqual(plain)
    expect(found.derived.toSorted()).toEqual(derived.toSorted())
  })

  test('of any text are bounded by its length', () => {
    const bit = fc.constantFrom('a', 'B', '1', '-', '.', "'", ',', ' ', '字', 'カ', '가', 'ä', 'ก', '\u0301', '_', '+')
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 200 }), (bits) => {
        const text = bits.join('')
        const { plain, derived } = terms(text)
        expect(plain.length + derived.length).toBeLessThanOrEqual(12 * text.length)
        for (const term of [...plain, ...derived]) expect(term.length).toBeGreaterThan(0)
      }),
    )
  })
})

describe('the languages of a text', () => {
  it.each([
    ['Die Rechnung ist nicht bezahlt, und das Konto wird gesperrt', 'german'],
    ['La facture n’est pas dans les documents que vous avez', 'french'],
    ['kurz', 'english'],
    ['і рахунки не на дату', 'ukrainian'],
    ['این کتاب را از فروشگاه که خریدم', 'persian'],
  ])('%s: %s', (text, language) => {
    const ofScript = languagesOf(chunks(text))
    expect(ofScript).toContain(language)
  })

  test('are three of a script at most', () => {
    const all = languagesOf(chunks('the der le el il o de och og ja a și ve yang i v và'.repeat(3)))
    const latin = all.filter((name) => !['russian', 'arabic'].includes(name))
    expect(
      latin.filter((name) => !['greek', 'armenian', 'hindi', 'tamil', 'hebrew', 'korean'].includes(name)),
    ).toHaveLength(3)
  })
})

describe('queries', () => {
  it.each([
    ['What is the price of tea?', ['price', 'tea']],
    ['to be or not to be', ['to', 'be', 'or', 'not']],
    ['Where is the IT desk?', ['IT', 'desk']],
    ['WHERE IS IT', ['WHERE', 'IS', 'IT']],
    ['?!', []],
  ])('%j is after %j', (query, words) => {
    expect(tellingChunks(query)).toEqual(words)
  })

  test('have a bounded number of units', () => {
    expect(unitsOf('ab12cd-34.56x '.repeat(80), english, 32).length).toBeLessThanOrEqual(64)
    expect(unitsOf(Array.from({ length: 200 }, (_, index) => `word${index}`).join(' '), english, 32)).toHaveLength(64)
  })
})

describe('a word also finds', () => {
  const expanded = (word: string, ...others: readonly string[]) => {
    const vocabulary = createVocabulary()
    const numbers = others.map((other) => vocabulary.written(other))
    const found = expand(word, vocabulary).map(({ number }) => number)
    return others.filter((_, index) => found.includes(numbers[index] ?? -1))
  }

  it.each([
    ['tea', ['teas', 'teapot', 'ten'], []],
    ['teas', ['teaset', 'tea', 'team'], ['teaset']],
    ['teapot', ['teapots', 'teapto', 'tepot', 'teabag'], ['teapots', 'teapto', 'tepot']],
    ['2026', ['20261', '2025'], []],
    ['20261', ['20262'], []],
    ['agent7', ['agents'], []],
    ['agent007', ['agent0071', 'agent008'], []],
    ['東京', ['東京都'], ['東京都']],
    ['茶', ['緑茶', '茶色', '紅'], ['緑茶', '茶色']],
  ])('%s: of %j %j', (word, others, found) => {
    expect(expanded(word, ...others)).toEqual(found)
  })
})

test('the distance of two words is that of their letters and swaps', () => {
  expect(distance('recieve', 'receive', 2)).toBe(1)
  expect(distance('kitten', 'sitting', 3)).toBe(3)
  expect(distance('abc', 'xyz', 1)).toBeGreaterThan(1)
})

test('postings give each place once, with its count, in order', () => {
  const postings = createPostings()
  const places = fc.array(fc.tuple(fc.nat(5), fc.nat(20)), { maxLength: 300 })
  fc.assert(
    fc.property(places, (given) => {
      const fresh = createPostings()
      const sorted = given.toSorted((a, b) => a[1] - b[1])
      const expected = new Map<string, number>()
      for (const [term, place] of sorted) {
        fresh.add(term, place)
        expected.set(`${term} ${place}`, (expected.get(`${term} ${place}`) ?? 0) + 1)
      }
      const found: [string, number][] = []
      for (let term = 0; term <= 5; term += 1)
        fresh.each(term, (place, count) => found.push([`${term} ${place}`, count]))
      expect(new Map(found)).toEqual(expected)
      expect(found).toHaveLength(expected.size)
    }),
  )
  for (let count = 0; count < 300; count += 1) postings.add(7, 3)
  postings.each(7, (place, count) => expect([place, count]).toEqual([3, 255]))
  expect(postings.places(7)).toBe(1)
})
