/** Longer than any provider's message. A proxy's HTML page may be much longer. */
const maxLength = 1000

/**
 * What an error says to a person: `{"error": {"message": …}}` as OpenAI and Anthropic write it, and what servers that
 * are like them make of it (`{"error": …}`, `{"message": …}`, `{"detail": …}`). Null where it says nothing such.
 */
export function errorWords(value: unknown): string | null {
  const words = wordsIn(value)?.trim() ?? ''
  return words === '' ? null : words.slice(0, maxLength)
}

function wordsIn(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return wordsIn(value[0])
  if (typeof value !== 'object' || value === null) return null
  for (const key of ['error', 'message', 'detail', 'msg']) {
    const words = key in value ? wordsIn(value[key as keyof typeof value]) : null
    if (words !== null) return words
  }
  return null
}
