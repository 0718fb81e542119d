import { Converter } from 'opencc-js/t2cn'
import { fold } from './fold.ts'

/** Scripts without spaces between words. */
const scripts = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`
const unspaced = new RegExp(`[${scripts}]`, 'u')
const runs = new RegExp(`([${scripts}\\p{M}ー々〆]+)`, 'u')
const kana = /[\p{sc=Hiragana}\p{sc=Katakana}]/u

export function isUnspaced(text: string): boolean {
  return unspaced.test(text)
}

/** A text in parts of which each is of scripts without spaces, or of other scripts. */
export function runsOf(text: string): readonly string[] {
  return text.split(runs).filter((part) => part !== '')
}

/** What is found in a run of text without spaces. */
export interface Run {
  /** Its words, by the dictionary of the runtime's ICU. */
  readonly words: readonly string[]
  /** Pairs of neighbouring characters, which find what the dictionary parts elsewhere or does not know. */
  readonly pairs: readonly string[]
}

const segmenters = {
  japanese: new Intl.Segmenter('ja', { granularity: 'word' }),
  other: new Intl.Segmenter('zh', { granularity: 'word' }),
}

/** Characters that folding replaces one by one, whatever stands beside them. */
const alone = /^[\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff]+$/

export function readRun(run: string): Run {
  const hasKana = kana.test(run)
  const segments = (hasKana ? segmenters.japanese : segmenters.other).segment(run)
  const words: string[] = []
  if (!alone.test(run)) {
    for (const { segment } of segments) words.push(foldUnspaced(segment))
    const characters = foldUnspaced(run).match(/\P{M}\p{M}*/gu) ?? []
    return { words, pairs: characters.slice(1).map((character, index) => characters[index] + character) }
  }
  const folded = replaceEach(run)
  for (const { segment, index } of segments) {
    words.push(withoutLastMark(folded.slice(index, index + segment.length)))
  }
  const pairs = hasKana ? withoutOkurigana(folded) : []
  for (let index = 1; index < folded.length; index += 1) pairs.push(folded.slice(index - 1, index + 1))
  return { words, pairs }
}

/** 引っ越し, 引越し and 引越 are one word. Particles stand between two words: 東京の都 is no 京都. */
function withoutOkurigana(folded: string): string[] {
  const between = /(\p{sc=Han})([ぁ-ゖ]{1,2})(?=(\p{sc=Han}))/gu
  return [...folded.matchAll(between)].flatMap(([, before = '', kept = '', after = '']) =>
    /[のとはがをにでもへやか]/.test(kept) ? [] : [before + after],
  )
}

/** Katakana as hiragana, traditional characters as simplified ones, a word's last long vowel mark left out. */
function foldUnspaced(text: string): string {
  return withoutLastMark(replaceEach(fold(text)))
}

/** プリンター is プリンタ, but キー is キー. */
function withoutLastMark(word: string): string {
  return word.length > 3 && word.endsWith('ー') ? word.slice(0, -1) : word
}

function replaceEach(text: string): string {
  let result = ''
  for (let index = 0; index < text.length; index += 1)
    result += String.fromCharCode(replacementOf(text.charCodeAt(index)))
  return result
}

/** What stands for a character, by its code; 0 when it was not asked for yet. */
const replacements = new Uint16Array(0x10000)
const simplify = Converter({ from: 't', to: 'cn' })

function replacementOf(code: number): number {
  const known = replacements[code]
  if (known) return known
  let replacement = code
  if (code >= 0x30a1 && code <= 0x30f6) replacement = code - 0x60
  else if (code >= 0x3400 && code <= 0x9fff) {
    // Characters alone: phrases would be parted differently in a query and in a text.
    const simplified = simplify(String.fromCharCode(code))
    if (simplified.length === 1) replacement = simplified.charCodeAt(0)
  }
  replacements[code] = replacement
  return replacement
}
