import type { BackchannelError } from 'backchannel-client'

/** A field of a form. Its value is text, whatever it is for the API. */
export interface FormField {
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** Default: a line of text. */
  readonly kind?: 'area' | 'json' | 'secret' | 'select'
  /** Of an area. Default: 3. */
  readonly rows?: number
  readonly options?: readonly { readonly value: string; readonly name: string }[]
  /** Sent even when it is empty, so that the server says what it takes. */
  readonly isRequired?: boolean
}

export type Values = Readonly<Record<string, string>>

/** By the name of a field. */
export type FieldProblems = Readonly<Record<string, string>>

export type ReadForm = { readonly input: Readonly<Record<string, unknown>> } | { readonly problems: FieldProblems }

/** The input of the API. An empty field is left out of what is new, and clears what is there. */
export function readForm(fields: readonly FormField[], values: Values, isNew: boolean): ReadForm {
  const input: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const { name, kind, isRequired } of fields) {
    const value = values[name] ?? ''
    if (value === '' && isRequired !== true) {
      if (!isNew && kind !== 'secret') input[name] = null
      continue
    }
    if (kind !== 'json') {
      input[name] = value
      continue
    }
    const parsed = parseObject(value)
    if (typeof parsed === 'string') problems[name] = parsed
    else input[name] = parsed
  }
  return Object.keys(problems).length > 0 ? { problems } : { input }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    return 'takes a JSON object'
  } catch (error) {
    return `takes a JSON object: ${(error as Error).message}`
  }
}

/** What the server says of each field, by its path below the input, and what it says of none of them. */
export function problemsOf(
  error: BackchannelError | null,
  isField: (path: string) => boolean,
): { readonly fields: FieldProblems; readonly rest: { readonly code: string; readonly message: string } | null } {
  if (error === null) return { fields: {}, rest: null }
  const issues = error.issues.map(({ path, message }) => ({ path: path.slice(1).join('.'), message }))
  const fields = Object.fromEntries(
    issues.filter(({ path }) => isField(path)).map(({ path, message }) => [path, message]),
  )
  const isAllSaid = issues.length > 0 && issues.every(({ path }) => isField(path))
  return { fields, rest: isAllSaid ? null : { code: error.code, message: error.message } }
}
