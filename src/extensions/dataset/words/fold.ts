/** Soft hyphens, joiners, marks of direction: no letters, and no borders of words. The non-joiner of Persian is one. */
const invisible = /(?!\u200c)\p{Default_Ignorable_Code_Point}/gu

const ascii = /^[\0-\x7f]*$/

export function isAscii(text: string): boolean {
  return ascii.test(text)
}

/** Whether a text has any of the characters below, which few have. */
const unusual = /[™®©℠ʼ\u0e33\u0e4d\u0eb3\u0ecd]|\p{Default_Ignorable_Code_Point}/u

/** Full-width letters, half-width kana, ligatures and composed signs as their usual characters, in one normal form. */
export function normalise(text: string): string {
  if (ascii.test(text)) return text
  if (!unusual.test(text)) return text.normalize('NFKC')
  return (
    text
      .replaceAll(/[™®©℠\u200b]/g, ' ')
      .replaceAll(invisible, '')
      // Unicode's letter of an apostrophe, which Ukrainian and others write.
      .replaceAll('ʼ', '’')
      .normalize('NFKC')
      // NFKC takes the vowel AM of Thai and Lao apart, which dictionaries keep as one character.
      .replaceAll(/\u0e4d([\u0e48-\u0e4b]?)\u0e32/g, '$1\u0e33')
      .replaceAll(/\u0ecd([\u0ec8-\u0ecb]?)\u0eb2/g, '$1\u0eb3')
  )
}

/**
 * Marks that many writers leave out: accents of Latin, Greek and Cyrillic (not the one that makes й of и), the vowel
 * points of Hebrew and Arabic with tatweel, and nuktas of India. All other marks are letters to their readers, as the
 * vowel signs of Hindi or Thai are.
 */
const leftOut =
  /(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u09bc\u0a3c\u0abc\u0b3c]/g

/** Letters that stand for each other in search, and have no normal form in common. */
const letters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i', ŋ: 'n', ς: 'σ' },
  // Arabic, Persian and Urdu.
  ...{ ٱ: 'ا', ى: 'ي', ی: 'ي', ې: 'ي', ے: 'ي', ة: 'ه', ہ: 'ه', ھ: 'ه', ۃ: 'ه', ک: 'ك' },
  // The final forms of Hebrew.
  ...{ ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' },
  // Hindi writes a nasal as candrabindu or anusvara.
  '\u0901': '\u0902',
}
const replaced = new RegExp(`[${Object.keys(letters).join('')}]`, 'gu')

/** Hindi: हिन्दी and हिंदी are one word. */
const nasalBeforeConsonant = /[ङञणनम]\u094d(?=[क-ह])/g

/** Letters that folding keeps, of alphabets whose words mostly have no others. */
const settled = /^[\0-\x7fа-я가-힣]*$/

/** A word without case and without what writers leave out. The word is normalised. */
export function fold(word: string): string {
  const lower = word.toLowerCase()
  if (settled.test(lower)) return lower
  return lower
    .normalize('NFD')
    .replaceAll(leftOut, '')
    .normalize('NFC')
    .replaceAll(replaced, (letter) => letters[letter] ?? letter)
    .replaceAll(nasalBeforeConsonant, '\u0902')
    .replaceAll(/\p{Nd}/gu, digitOf)
}

/** The value of a decimal digit of any script: the digits of a script stand in a row of ten, zero first. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String((code - zero) % 10)
}

/** The word in lower case with its accents, or null if it has none. Arabic and Hebrew points do not count. */
export function accented(word: string): string | null {
  const lower = word.toLowerCase()
  if (settled.test(lower)) return null
  return /[\u0300-\u036f]|[ßæœøđðłı]/.test(lower.normalize('NFD')) ? lower.normalize('NFC') : null
}

/** How people without the key write ä, ö, ü, å and ø: ae, oe, ue, aa. Null if the word has none of them. */
export function spelledOut(word: string): string | null {
  const lower = word.toLowerCase()
  if (!/[äöüåø]/.test(lower)) return null
  const spelled: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' }
  return fold(lower.replaceAll(/[äöüåø]/g, (letter) => spelled[letter] ?? letter))
}
