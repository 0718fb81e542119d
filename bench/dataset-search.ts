import { globSync, readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { passagesOf } from '../src/extensions/dataset/passages.ts'
import { indexRecords } from '../src/extensions/dataset/record-index.ts'
import { indexPassages } from './naive/dataset-search.ts'
import { report } from './report/figure.ts'
import { roundCount } from './report/rounds.ts'

// The search of datasets beside MiniSearch with the terms that the service used before: CPU of an index and of a query,
// and what an index holds after two collections. In turn, in one process; the first two rounds of each do not count.

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

interface Search {
  readonly search: (query: string) => unknown
}
type Name = 'ours' | 'naive'

const makers: Readonly<Record<Name, (text: string) => Promise<Search>>> = {
  ours: async (text) => {
    const index = await indexRecords([{ text, meta: null }])
    return { search: (query) => index.search(query, 20) }
  },
  naive: async (text) => {
    return { search: indexPassages([...passagesOf(text)].map(({ start, end }) => text.slice(start, end))) }
  },
}

/** Prose and code of Node's own documentation, as its types carry it. */
function english(): string {
  const folder = new URL('../node_modules/@types/node/', import.meta.url)
  const files = globSync('**/*.d.ts', { cwd: folder }).sort()
  return files
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n\n')
    .slice(0, 1_500_000)
}

/** Words in the frequencies of a language, from a seed: the nth most frequent comes 1/n times as often as the first. */
function sentences(
  words: readonly string[],
  { between, end, length }: Readonly<Record<'between' | 'end', string>> & { readonly length: number },
): string {
  let state = 7
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
  let text = ''
  while (text.length < length) {
    const sentence = Array.from({ length: 12 }, () => words[Math.floor(words.length ** random()) - 1])
    text += `${sentence.join(between)}${end}`
  }
  return text
}

const han = (index: number) => String.fromCharCode(0x4e00 + ((index * 37) % 3000), 0x4e00 + ((index * 101) % 2500))
const hangul = (index: number) => String.fromCharCode(0xac00 + ((index * 37) % 2500), 0xac00 + ((index * 101) % 2200))
const cyrillic = (index: number) =>
  [...index.toString(32)].map((digit) => String.fromCharCode(0x430 + Number.parseInt(digit, 32))).join('')
const many = <Item>(item: (index: number) => Item) => Array.from({ length: 8000 }, (_, index) => item(index + 1))

const texts = {
  English: {
    text: english(),
    queries: ['largest delay that setTimeout takes', 'compresion quality of brotli', 'histogram of event loop delays'],
  },
  Japanese: {
    text: sentences(
      many((index) => han(index) + 'のはをがでする'[index % 7]),
      { between: '', end: '。', length: 400_000 },
    ),
    queries: [han(3) + han(9), `${han(500)}は${han(20)}`],
  },
  Korean: {
    text: sentences(
      many((index) => hangul(index) + ['은', '에서', '를', ''][index % 4]),
      { between: ' ', end: '. ', length: 400_000 },
    ),
    queries: [`${hangul(3)} ${hangul(9)}`, `${hangul(500)}에서`],
  },
  Russian: {
    text: sentences(
      many((index) => `${cyrillic(index * 999)}${['ами', 'ой', 'ы', 'а'][index % 4]}`),
      { between: ' ', end: '. ', length: 400_000 },
    ),
    queries: [`${cyrillic(999)}ами ${cyrillic(99_900)}ы`],
  },
} as const

const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const held = () => {
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 2 ** 20
}

const asked = 300

/** In a function of its own, so that nothing holds the index afterwards. */
async function measure(name: Name, text: string, queries: readonly string[]): Promise<Readonly<Record<Kind, number>>> {
  // What the last index left to the next turn of the loop is gone then.
  await nextTurn()
  const before = held()
  const began = cpuMs()
  const { search } = await makers[name](text)
  const index = cpuMs() - began
  const memory = held() - before
  const startedAt = cpuMs()
  for (let count = 0; count < asked; count += 1) await search(queries[count % queries.length] ?? '')
  const millions = text.length / 1e6
  return { index: index / millions, query: (cpuMs() - startedAt) / asked, memory: memory / millions }
}

const figures = {
  index: ['index', 'CPU ms per million characters'],
  query: ['query', 'CPU ms'],
  memory: ['held by the index', 'MB per million characters'],
} as const
type Kind = keyof typeof figures
const kinds = Object.keys(figures) as readonly Kind[]

for (const [language, { text, queries }] of Object.entries(texts)) {
  const measured: Record<Name, Readonly<Record<Kind, number>>[]> = { ours: [], naive: [] }
  for (let round = 0; round < roundCount(5) + 2; round += 1) {
    for (const name of ['ours', 'naive'] as const) {
      const values = await measure(name, text, queries)
      if (round >= 2) measured[name].push(values)
    }
  }
  for (const kind of kinds) {
    const [name, unit] = figures[kind]
    const of = (system: Name) => measured[system].map((values) => values[kind])
    const values = { ours: of('ours'), naive: of('naive'), floor: [] }
    report({ name: `dataset search, ${language}: ${name}`, unit, better: 'less', values })
  }
}
