import { z } from 'zod'
import { badInput, type InputIssue } from '../../kernel/errors.ts'

const textPart = z.object({ type: z.literal('text'), text: z.string() })
const filePart = z.object({
  type: z.enum(['image', 'audio', 'video', 'document']),
  source: z.object({ type: z.literal('url'), value: z.string(), mimeType: z.string().optional() }),
})
const parts = z.array(z.discriminatedUnion('type', [textPart, filePart]))
/** As clients before 1.0 send a file. */
const binaryPart = z.object({ type: z.literal('binary'), url: z.string() })

type Part = z.output<typeof parts>[number]

export interface Content {
  readonly text: string
  /** Addresses of files. */
  readonly urls: readonly string[]
  /** All parts, if there are files; else null. */
  readonly parts: readonly Part[] | null
}

/** What a message says. BAD_USER_INPUT for what is neither text nor a file by its URL. @param path of the content */
export function readContent(content: unknown, path: InputIssue['path']): Content {
  if (typeof content === 'string') return { text: content, urls: [], parts: null }
  if (!Array.isArray(content)) throw badInput([{ path, message: 'takes a text, or a list of parts' }])
  const read = content.map(readPart)
  const issues = read.flatMap((part, index): readonly InputIssue[] =>
    part === null ? [{ path: [...path, index], message: 'takes text, or a file with a source of type url' }] : [],
  )
  if (issues.length > 0) throw badInput(issues)
  const known = read.filter((part) => part !== null)
  const urls = known.flatMap((part) => (part.type === 'text' ? [] : [part.source.value]))
  const text = known.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
  return { text, urls, parts: urls.length === 0 ? null : known }
}

function readPart(part: unknown): Part | null {
  const url = binaryPart.safeParse(part).data?.url
  if (url !== undefined) return { type: 'document', source: { type: 'url', value: url } }
  return textPart.safeParse(part).data ?? filePart.safeParse(part).data ?? null
}

/** Where `meta` keeps the parts of a user's message that came with files. */
const key = 'agUiContent'

export function contentMeta({ parts }: Content): { readonly [key]: unknown } | null {
  return parts === null ? null : { [key]: parts }
}

/** The parts that a message came with; null: it has none. Callers can write anything into `meta`. */
export function keptContent(meta: Readonly<Record<string, unknown>> | undefined): readonly Part[] | null {
  return parts.safeParse(meta?.[key]).data ?? null
}
