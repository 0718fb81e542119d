const longestWord = 500

/** What a problem document says in words (RFC 9457): its title and detail. Null for any other value. */
export function problemWords(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  const { title, detail } = value as Readonly<Record<string, unknown>>
  const words = [title, detail].filter((word) => typeof word === 'string' && word !== '')
  return words.length === 0 ? null : `Problem: ${words.map((word) => String(word).slice(0, longestWord)).join(': ')}`
}
