import { chunksOf } from '../words/chunks.ts'
import { normalise } from '../words/fold.ts'
import type { Unit, Wanted } from '../words/query.ts'
import { termsOf } from '../words/terms.ts'
import type { FormsOf } from '../words/word.ts'
import { type Expansion, expand, widen } from './expand.ts'
import { createPostings, type Postings } from './postings.ts'
import { createVocabulary } from './vocabulary.ts'

/** Passages of records, found by their words and by those of their record's meta. */
export interface PassageIndex {
  /** Begins a record: the passages that follow are its own. */
  addRecord(meta: string): void
  addPassage(text: string): void
  /** The best passages by the order in which they were added, best first, of equal ones the earliest. */
  search(units: readonly Unit[], limit: number): Promise<readonly ScoredPassage[]>
}

export interface ScoredPassage {
  readonly number: number
  readonly score: number
}

interface Field {
  readonly postings: Postings
  /** How many words each place has. */
  readonly lengths: number[]
  total: number
  readonly boost: number
}

/** BM25+ with the usual constants. */
const bm25 = { k: 1.2, b: 0.7, d: 0.5 } as const

/** The terms of so many chunks are remembered. A text repeats most of its words. */
const mostRemembered = 50_000
const longestRemembered = 40

/** Lets other work of the process run between the words of a query if the vocabulary is larger. */
const longScan = 50_000

export function createPassageIndex(formsOf: FormsOf, nextTurn: () => Promise<unknown>): PassageIndex {
  const vocabulary = createVocabulary()
  const texts: Field = { postings: createPostings(), lengths: [], total: 0, boost: 2 }
  const metas: Field = { postings: createPostings(), lengths: [], total: 0, boost: 1 }
  /** The first passage of each record. */
  const firstPassages: number[] = []
  const remembered = new Map<string, readonly number[]>()

  const numbersOf = (chunk: string): readonly number[] => {
    const known = remembered.get(chunk)
    if (known !== undefined) return known
    const { plain, derived } = termsOf(chunk, formsOf)
    const numbers: number[] = []
    for (const term of plain) {
      const number = vocabulary.written(term)
      if (number >= 0) numbers.push(number)
    }
    for (const term of derived) {
      const number = vocabulary.derived(term)
      if (number >= 0) numbers.push(number)
    }
    if (chunk.length <= longestRemembered) {
      if (remembered.size >= mostRemembered) remembered.clear()
      remembered.set(chunk, numbers)
    }
    return numbers
  }

  const addTo = ({ postings, lengths }: Field, text: string): number => {
    const place = lengths.length
    const chunks = chunksOf(normalise(text))
    let length = 0
    for (const chunk of chunks) {
      const numbers = numbersOf(chunk)
      for (const number of numbers) postings.add(number, place)
      // A run without spaces is as long as its words are many.
      length += chunk.length > longestRemembered ? Math.ceil(chunk.length / 2) : 1
    }
    lengths.push(length)
    return length
  }

  const expansionsOf = ({ terms, word }: Wanted): readonly Expansion[] => {
    const exact = [...terms].flatMap(([term, worth]) => {
      const number = vocabulary.find(term)
      return number < 0 ? [] : [{ number, worth }]
    })
    if (word === null) return exact
    const expanded = [...exact, ...expand(word, vocabulary)]
    return expanded.some(({ worth }) => worth > 0.25) ? expanded : [...expanded, ...widen(word, vocabulary)]
  }

  return {
    addRecord(meta) {
      firstPassages.push(texts.lengths.length)
      metas.total += addTo(metas, meta)
    },
    addPassage(text) {
      texts.total += addTo(texts, text)
    },
    async search(units, limit) {
      const count = texts.lengths.length
      const [scores, found] = [new Float64Array(count), new Uint16Array(count)]
      // Of the unit at hand: what each passage got, and the last step that found it. Each wanted term is a step.
      const [sums, steps] = [new Float64Array(count), new Int32Array(count)]
      let step = 0
      for (const unit of units) {
        let reached: number[] = []
        for (const [index, wanted] of unit.entries()) {
          step += 1
          reached = []
          const credit = (passage: number, score: number) => {
            const last = steps[passage]
            if (last === step) sums[passage] = (sums[passage] ?? 0) + score
            else if (index === 0 || last === step - 1) {
              sums[passage] = score + (index === 0 ? 0 : (sums[passage] ?? 0))
              steps[passage] = step
              reached.push(passage)
            }
          }
          const expansions = expansionsOf(wanted)
          scoreField(texts, expansions, credit)
          scoreField(metas, expansions, (record, score) => {
            const end = firstPassages[record + 1] ?? count
            for (let passage = firstPassages[record] ?? 0; passage < end; passage += 1) credit(passage, score)
          })
        }
        for (const passage of reached) {
          scores[passage] = (scores[passage] ?? 0) + (sums[passage] ?? 0)
          found[passage] = (found[passage] ?? 0) + 1
        }
        if (vocabulary.size() > longScan) await nextTurn()
      }
      return bestOf(
        scores.map((score, passage) => score * (found[passage] ?? 0)),
        limit,
      )
    },
  }
}

function bestOf(scores: Float64Array, limit: number): readonly ScoredPassage[] {
  const best: ScoredPassage[] = []
  let least = 0
  for (let number = 0; number < scores.length; number += 1) {
    const score = scores[number] ?? 0
    if (score <= least) continue
    const place = best.findLastIndex((each) => each.score >= score) + 1
    best.splice(place, 0, { number, score })
    if (best.length > limit) best.pop()
    if (best.length === limit) least = best.at(-1)?.score ?? 0
  }
  return best
}

/**
 * All terms that a word finds are as rare as the word itself is. If each were as rare as it is alone, a text with a
 * rare misspelling would come before one with the word.
 */
function scoreField(
  field: Field,
  expansions: readonly Expansion[],
  credit: (place: number, score: number) => void,
): void {
  const { postings, lengths, total, boost } = field
  const best = Math.max(...expansions.map(({ worth }) => worth))
  const places = Math.max(
    0,
    ...expansions.map(({ number, worth }) => (worth >= best / 2 ? postings.places(number) : 0)),
  )
  const rarity = Math.log(1 + (lengths.length - places + 0.5) / (places + 0.5))
  const average = Math.max(total / Math.max(lengths.length, 1), 1)
  for (const { number, worth } of expansions) {
    postings.each(number, (place, count) => {
      const length = (lengths[place] ?? 0) / average
      const frequency = (count * (bm25.k + 1)) / (count + bm25.k * (1 - bm25.b + bm25.b * length))
      credit(place, boost * worth * rarity * (bm25.d + frequency))
    })
  }
}
