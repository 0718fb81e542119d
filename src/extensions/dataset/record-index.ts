import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DatasetRecord } from '../../conversation/dataset.ts'
import { createPassageIndex } from './index/passage-index.ts'
import { type Passage, passagesOf } from './passages.ts'
import { chunksOf } from './words/chunks.ts'
import { normalise } from './words/fold.ts'
import { type LanguageName, languagesOf } from './words/languages.ts'
import { tellingChunks, unitsOf } from './words/query.ts'
import { createFormsOf } from './words/word.ts'

export interface FoundPassage extends Passage {
  readonly record: DatasetRecord
  readonly score: number
}

export interface RecordIndex {
  /** Best match first, at most `limit`. Of equal ones the first record's. */
  search(query: string, limit: number): Promise<readonly FoundPassage[]>
}

/**
 * Bounds of an index and of a search. Each word of a query is also searched by its beginning and with typos, so more
 * than 32 words cost more than they find. Every passage has its record's meta, so a long one is cut.
 */
const bounds = { query: 1000, words: 32, meta: 2000 } as const

export function hasWords(query: string): boolean {
  return tellingChunks(query.slice(0, bounds.query)).length > 0
}

/** How much is indexed before other work of the process gets a turn, in code units and in milliseconds. */
const turn = { units: 32_768, ms: 10 } as const

/** Indexes the records. What it takes grows with their size alone, whatever they hold. Throws when aborted. */
export async function indexRecords(records: readonly DatasetRecord[], signal?: AbortSignal): Promise<RecordIndex> {
  const formsOf = createFormsOf(languagesIn(records))
  const index = createPassageIndex(formsOf, nextTurn)
  const passages: (Passage & { readonly record: DatasetRecord })[] = []
  let indexed = 0
  let began = performance.now()
  for (const record of records) {
    const meta = textsIn(record.meta).join(' ').slice(0, bounds.meta)
    index.addRecord(meta)
    indexed += meta.length
    for (const { start, end } of passagesOf(record.text)) {
      passages.push({ record, start, end })
      index.addPassage(record.text.slice(start, end))
      indexed += end - start
      if (indexed < turn.units && performance.now() - began < turn.ms) continue
      await nextTurn()
      signal?.throwIfAborted()
      indexed = 0
      began = performance.now()
    }
  }

  return {
    async search(query, limit) {
      const units = unitsOf(query.slice(0, bounds.query), formsOf, bounds.words)
      const best = await index.search(units, limit)
      return best.flatMap(({ number, score }) => {
        const passage = passages[number]
        return passage === undefined ? [] : [{ ...passage, score }]
      })
    },
  }
}

/** How much is read to tell the languages of records: the beginnings of so many, spread over all. */
const sample = { records: 200, length: 400 } as const

function languagesIn(records: readonly DatasetRecord[]): readonly LanguageName[] {
  const step = Math.max(1, Math.floor(records.length / sample.records))
  // Few records are read further.
  const length = Math.max(sample.length, Math.floor((sample.records * sample.length) / Math.max(records.length, 1)))
  const words = records
    .filter((_, index) => index % step === 0)
    .flatMap(({ text }) => chunksOf(normalise(text.slice(0, length))))
  return languagesOf(words)
}

/** All strings in `meta`, so that a search also finds the title of a record. */
function textsIn(meta: unknown): readonly string[] {
  if (typeof meta === 'string') return [meta]
  return typeof meta === 'object' && meta !== null ? Object.values(meta).flatMap(textsIn) : []
}
