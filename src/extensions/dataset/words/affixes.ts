/**
 * Korean particles and the verb hada, after a consonant, after a vowel, or after either. What is left of a word must
 * have two syllables, or half of all words would lose a part of their own: 회의, 도로.
 */
const particles = {
  consonant:
    '은 이 을 과 으로 으로는 으로도 으로서 으로써 이나 이랑 이며 이라 이라는 이라고 이란 이든 이다 이에요 이야',
  vowel: '는 가 를 와 로 로는 로도 로서 로써 나 랑 며 라 라는 라고 란 든 다 예요 야',
  either:
    '의 에 에서 에서는 에서도 에서의 에게 에게서 에는 에도 에만 도 만 만의 까지 까지는 부터 부터는 보다 처럼 만큼 마다 조차 마저 밖에 한테 하고 께 께서 들 들이 들은 들을 들의 들에 들에게 입니다 인가요 하다 하는 한 할 하기 하여 해서 했다 합니다 됩니다 되는 된',
} as const
const endings = new Map<string, 'consonant' | 'vowel' | 'either'>()
for (const kind of ['consonant', 'vowel', 'either'] as const) {
  for (const ending of particles[kind].split(' ')) endings.set(ending, kind)
}
const longestEnding = Math.max(...[...endings.keys()].map(({ length }) => length))

export function koreanStems(word: string): readonly string[] {
  for (let length = Math.min(longestEnding, word.length - 2); length > 0; length -= 1) {
    const stem = word.slice(0, -length)
    const kind = endings.get(word.slice(-length))
    if (kind === 'either' || (kind !== undefined && (kind === 'consonant') === endsInConsonant(stem))) return [stem]
  }
  return []
}

/** 로 follows ㄹ as it follows a vowel; a noun that ends in ㄹ keeps its 로 then, which costs nothing. */
function endsInConsonant(syllables: string): boolean {
  const code = syllables.charCodeAt(syllables.length - 1) - 0xac00
  return code >= 0 && code < 11_172 && code % 28 > 0
}

/** The article and the conjunctions before it, as light stemmers of Arabic take them off. */
const arabicBefore = /^(?:وال|فال|بال|كال|لل|ال)(?=..)/u

/** What Hebrew writes before a word: and, the, in, to, like, from, that. At most two, before three letters. */
const hebrewBefore = [/^[והבלכמש](?=...)/u, /^[ושכמל][הבלכמש](?=...)/u] as const
const hebrewAfter = /(?<=..)(?:ים|ות|ה|ת)$/u

export const semiticStems = {
  arabic: (word: string, stemmer: (word: string) => string): readonly string[] => {
    const bare = word.replaceAll(/[\u064b-\u065f\u0670\u0640]/g, '')
    const short = bare.replace(arabicBefore, '')
    return [short, stemmer(short)]
  },
  hebrew: (word: string): readonly string[] => {
    const bare = word.replaceAll(/[\u0591-\u05c7]/g, '')
    const stems = hebrewBefore.flatMap((before) => (before.test(bare) ? [bare.replace(before, '')] : []))
    return [...stems, ...[bare, ...stems].map((stem) => stem.replace(hebrewAfter, ''))]
  },
} as const
