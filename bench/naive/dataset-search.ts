import MiniSearch from 'minisearch'

/** Full-text search as MiniSearch's documentation shows it, with the service's former terms and weights. */
export function indexPassages(passages: readonly string[]): (query: string) => number {
  const index = new MiniSearch<{ readonly id: number; readonly text: string }>({
    fields: ['text'],
    tokenize: (text) => text.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== ''),
    processTerm: termsOf,
  })
  for (const [id, text] of passages.entries()) index.add({ id, text })
  return (query) => {
    const found = index.search(query, {
      prefix: (term) => (unspaced.test(term) ? term.length === 1 : term.length >= 4),
      fuzzy: (term) => (unspaced.test(term) || term.length < 5 ? false : 0.2),
      weights: { fuzzy: 0.1, prefix: 0.4 },
    })
    return found.slice(0, 20).length
  }
}

const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

function termsOf(word: string): string[] {
  const folded = word
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
  if (!unspaced.test(folded)) return [folded]
  const characters = [...folded]
  return characters.length < 2 ? characters : characters.slice(1).map((each, index) => `${characters[index]}${each}`)
}
