/** Where the terms of one field occur: per term a list of places and counts, oldest first, in 8 bytes each. */
export interface Postings {
  /** Counts one more occurrence. Places never go back. */
  add(term: number, place: number): void
  /** In how many places the term occurs. */
  places(term: number): number
  each(term: number, visit: (place: number, count: number) => void): void
}

/** Place and count share 32 bits. A dataset has at most 16 MB, so a few 10,000 passages. */
const countBits = 8
const mostCount = 2 ** countBits - 1

export function createPostings(): Postings {
  const [first, last, counts] = [createNumbers(), createNumbers(), createNumbers()]
  const [entries, nexts] = [createNumbers(), createNumbers()]

  return {
    add(term, place) {
      // 0 means none: the first entry is 1.
      const end = last.get(term)
      const entry = end === 0 ? 0 : entries.get(end)
      if (end !== 0 && entry >>> countBits === place) {
        if ((entry & mostCount) < mostCount) entries.set(end, entry + 1)
        return
      }
      const added = Math.max(entries.length(), 1)
      entries.set(added, ((place << countBits) | 1) >>> 0)
      nexts.set(added, 0)
      if (end === 0) first.set(term, added)
      else nexts.set(end, added)
      last.set(term, added)
      counts.set(term, counts.get(term) + 1)
    },
    places: (term) => counts.get(term),
    each(term, visit) {
      for (let entry = first.get(term); entry !== 0; entry = nexts.get(entry)) {
        const value = entries.get(entry)
        visit(value >>> countBits, value & mostCount)
      }
    },
  }
}

/** A list of unsigned 32-bit numbers that grows; what was never set is 0. */
function createNumbers() {
  let numbers = new Uint32Array(1024)
  let length = 0
  return {
    length: () => length,
    get: (index: number) => numbers[index] ?? 0,
    set(index: number, value: number) {
      if (index >= numbers.length) {
        const larger = new Uint32Array(Math.max(index + 1, numbers.length * 2))
        larger.set(numbers)
        numbers = larger
      }
      numbers[index] = value
      if (index >= length) length = index + 1
    },
  }
}
