import { stemmer as arabic } from '@orama/stemmers/arabic'
import { stemmer as armenian } from '@orama/stemmers/armenian'
import { stemmer as bulgarian } from '@orama/stemmers/bulgarian'
import { stemmer as danish } from '@orama/stemmers/danish'
import { stemmer as dutch } from '@orama/stemmers/dutch'
import { stemmer as english } from '@orama/stemmers/english'
import { stemmer as finnish } from '@orama/stemmers/finnish'
import { stemmer as french } from '@orama/stemmers/french'
import { stemmer as german } from '@orama/stemmers/german'
import { stemmer as greek } from '@orama/stemmers/greek'
import { stemmer as hungarian } from '@orama/stemmers/hungarian'
import { stemmer as hindi } from '@orama/stemmers/indian'
import { stemmer as indonesian } from '@orama/stemmers/indonesian'
import { stemmer as italian } from '@orama/stemmers/italian'
import { stemmer as norwegian } from '@orama/stemmers/norwegian'
import { stemmer as portuguese } from '@orama/stemmers/portuguese'
import { stemmer as romanian } from '@orama/stemmers/romanian'
import { stemmer as russian } from '@orama/stemmers/russian'
import { stemmer as spanish } from '@orama/stemmers/spanish'
import { stemmer as swedish } from '@orama/stemmers/swedish'
import { stemmer as tamil } from '@orama/stemmers/tamil'
import { stemmer as turkish } from '@orama/stemmers/turkish'
import { stemmer as ukrainian } from '@orama/stemmers/ukrainian'
import { koreanStems, semiticStems } from './affixes.ts'

type Script = 'latin' | 'cyrillic' | 'arabic' | 'greek' | 'armenian' | 'devanagari' | 'tamil' | 'hebrew' | 'hangul'

interface Language {
  readonly script: Script
  /** Frequent words that tell the language from others of its script. None: the script's other languages are told. */
  readonly words: string
  /** The stems of a word in lower case. None for languages without a stemmer: they only keep a wrong one away. */
  readonly stems: (word: string) => readonly string[]
}

const by = (stemmer: (word: string) => string) => (word: string) => [stemmer(word)]
const none = () => []

const languages = {
  english: { script: 'latin', words: 'the of and to in is that for with are this you be not it', stems: by(english) },
  german: {
    script: 'latin',
    words: 'der die und das ist nicht ein eine mit sie auf den von zu für im werden wird',
    stems: by(german),
  },
  french: { script: 'latin', words: 'le la les des et est une dans pour que vous pas sur du au', stems: by(french) },
  spanish: { script: 'latin', words: 'el la los las de que y en una por con para del se es', stems: by(spanish) },
  italian: { script: 'latin', words: 'il la di che è per una sono con del della non gli nel', stems: by(italian) },
  portuguese: { script: 'latin', words: 'o a de que e do da em um uma para não os as com', stems: by(portuguese) },
  dutch: { script: 'latin', words: 'de het een en van is niet dat op te voor met zijn naar', stems: by(dutch) },
  swedish: { script: 'latin', words: 'och att det som en är på av för med inte den till', stems: by(swedish) },
  norwegian: { script: 'latin', words: 'og det som en er på av for med ikke til kan vi jeg', stems: by(norwegian) },
  danish: { script: 'latin', words: 'og det som en er på af for med ikke til kan vi jeg', stems: by(danish) },
  finnish: { script: 'latin', words: 'ja on ei että se oli ovat kun mutta voi sekä tai', stems: by(finnish) },
  hungarian: { script: 'latin', words: 'a az és hogy nem egy is van meg kell vagy', stems: by(hungarian) },
  romanian: { script: 'latin', words: 'și de la în cu nu pe este un care pentru din', stems: by(romanian) },
  turkish: { script: 'latin', words: 've bir bu için ile de da çok olan gibi daha', stems: by(turkish) },
  indonesian: { script: 'latin', words: 'yang dan di ke dari untuk dengan ini itu pada', stems: by(indonesian) },
  polish: { script: 'latin', words: 'i w na z się do nie to jest że przez po oraz', stems: none },
  czech: { script: 'latin', words: 'a v na se je že do s z pro jsou které nebo', stems: none },
  vietnamese: { script: 'latin', words: 'và của là có không được cho các một trong', stems: none },
  russian: { script: 'cyrillic', words: 'и в не на что с по для как это от из при', stems: by(russian) },
  ukrainian: { script: 'cyrillic', words: 'і в не на що з до для як це та від при у', stems: by(ukrainian) },
  bulgarian: { script: 'cyrillic', words: 'и на за се от да не са с е в по или', stems: by(bulgarian) },
  arabic: {
    script: 'arabic',
    words: 'في من على إلى أن هذا التي عن مع ما',
    stems: (word) => semiticStems.arabic(word, arabic),
  },
  persian: { script: 'arabic', words: 'در به از که این را با است برای می های', stems: none },
  urdu: { script: 'arabic', words: 'کے میں کی ہے سے کو اور کا پر نے', stems: none },
  greek: { script: 'greek', words: '', stems: by(greek) },
  armenian: { script: 'armenian', words: '', stems: by(armenian) },
  hindi: { script: 'devanagari', words: '', stems: by(hindi) },
  tamil: { script: 'tamil', words: '', stems: by(tamil) },
  hebrew: { script: 'hebrew', words: '', stems: semiticStems.hebrew },
  korean: { script: 'hangul', words: '', stems: koreanStems },
} as const satisfies Readonly<Record<string, Language>>

export type LanguageName = keyof typeof languages
const names = Object.keys(languages) as readonly LanguageName[]

const scripts: Readonly<Record<Script, RegExp>> = {
  latin: /\p{sc=Latin}/u,
  cyrillic: /\p{sc=Cyrillic}/u,
  arabic: /\p{sc=Arabic}/u,
  greek: /\p{sc=Greek}/u,
  armenian: /\p{sc=Armenian}/u,
  devanagari: /\p{sc=Devanagari}/u,
  tamil: /\p{sc=Tamil}/u,
  hebrew: /\p{sc=Hebrew}/u,
  hangul: /\p{sc=Hangul}/u,
}
const scriptNames = Object.keys(scripts) as readonly Script[]

/** The language that a script is read as when no word tells which it is. */
const usual: Readonly<Partial<Record<Script, LanguageName>>> = {
  latin: 'english',
  cyrillic: 'russian',
  arabic: 'arabic',
}

const languagesOfWord = new Map<string, LanguageName[]>()
for (const name of names) {
  for (const word of languages[name].words.split(' ')) {
    languagesOfWord.set(word, [...(languagesOfWord.get(word) ?? []), name])
  }
}

/** A language counts if it has this part of the words that the script's best one has. */
const share = 0.4

/**
 * The languages of a text, told by its frequent words: for each script at most three, the likeliest first. A wrong
 * language costs little, because stems only widen a search.
 */
export function languagesOf(words: readonly string[]): readonly LanguageName[] {
  const counts = new Map<LanguageName, number>()
  for (const word of words) {
    for (const name of languagesOfWord.get(word.toLowerCase()) ?? []) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return scriptNames.flatMap((script) => {
    const all = names.filter((name) => languages[name].script === script)
    const likely = all.filter((name) => counts.has(name)).sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
    const most = counts.get(likely[0] ?? 'english') ?? 0
    const usually = usual[script]
    if (usually === undefined) return all
    if (most < 2) return [...new Set([...likely, usually])].slice(0, 3)
    return likely.filter((name) => (counts.get(name) ?? 0) >= share * most).slice(0, 3)
  })
}

/** The stems of a word in the languages of its script, as they are written, the word itself excluded. */
export function stemsOf(word: string, spoken: readonly LanguageName[]): readonly string[] {
  const lower = word.toLowerCase()
  if (lower.length < 3 && !scripts.hangul.test(lower)) return []
  // The Latin alphabet first, by its codes: most words are of it.
  const script = lower.charCodeAt(0) < 0x250 ? 'latin' : scriptNames.find((name) => scripts[name].test(lower))
  const stems: string[] = []
  for (const name of spoken) {
    if (languages[name].script !== script) continue
    for (const stem of languages[name].stems(lower)) {
      const isLong = stem.length >= 3 || lower.length >= 5 || script === 'hangul'
      if (stem !== lower && isLong && !stems.includes(stem)) stems.push(stem)
    }
  }
  return stems
}
