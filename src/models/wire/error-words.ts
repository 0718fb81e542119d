import { parsed } from '../../kernel/json.ts'
import { fieldsOf, textOf } from './fields.ts'

/** Longer than any provider's message. A proxy's HTML page may be much longer. */
const maxLength = 1000

/** Where servers put what they say, in the order in which it says most. */
const keys = ['error', 'errors', 'message', 'Message', 'detail', 'msg', 'error_msg', 'error_message', 'status_msg']

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
  const fields = fieldsOf(value)
  for (const key of keys) {
    const words = key in fields ? wordsIn(fields[key]) : null
    if (words !== null) return [words, upstreamWords(fields['metadata'])].filter(Boolean).join(': ')
  }
  return null
}

/** OpenRouter says "Provider returned error", and what that provider said in another field. */
function upstreamWords(metadata: unknown): string | null {
  const raw = textOf(fieldsOf(metadata)['raw']) ?? ''
  return raw === '' ? null : wordsIn(parsed(raw) ?? raw)
}
