import { fieldsOf, isObject, textOf } from './fields.ts'

/**
 * What a delta of chat completions says: a text, or a list of parts as Mistral writes it, whose thinking is a list of
 * texts again. Kinds of parts that are unknown are passed over. Null for what is neither.
 */
export function chatContent(content: unknown): { readonly text: string; readonly reasoning: string } | null {
  if (content === null || content === undefined) return { text: '', reasoning: '' }
  if (typeof content === 'string') return { text: content, reasoning: '' }
  const parts = Array.isArray(content) ? content : [content]
  if (!parts.every((part) => isObject(part) || typeof part === 'string')) return null
  const texts = parts.map((part) => (typeof part === 'string' ? part : partText(part, 'text', 'text')))
  return { text: texts.join(''), reasoning: parts.map((part) => partText(part, 'thinking', 'thinking')).join('') }
}

function partText(part: unknown, type: string, key: string): string {
  const fields = fieldsOf(part)
  if (fields['type'] !== type) return ''
  const told = fields[key]
  if (!Array.isArray(told)) return textOf(told) ?? ''
  return told.map((each) => partText(each, 'text', 'text')).join('')
}
