export interface Redaction {
  /** A copy in which fields that are named like credentials hold `[redacted]`, at any depth; errors become plain objects. */
  object(value: Record<string, unknown>): Record<string, unknown>
  /** A line without the known secrets, in any of the forms they are sent in, and without what looks like a credential. */
  line(line: string): string
}

const redacted = '[redacted]'
/** Of names in snake case. */
const credentialNames =
  /(^|[_-])(authorization|cookie|password|passwd|secrets?|tokens?|credentials?|connection_params|(api|access|private|secrets?|signing)[_-]?keys?)$/
/** Bearer and Basic credentials, signed tokens, keys of known providers, and passwords in URLs. */
const credentialForms: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redacted],
  [/\bsk-[\w-]{16,}/g, redacted],
  [/(\/\/[^\s/:@"]*:)[^\s/@"]+@/g, `$1${redacted}@`],
]
/** Deeper than anything that is logged on purpose. */
const maxDepth = 12
/** Shorter ones would take words out of lines. */
const shortestSecret = 6

export function createRedaction(secrets: readonly string[]): Redaction {
  const known = secrets.filter(({ length }) => length >= shortestSecret).flatMap(formsOf)
  // Longest first: one secret may be the beginning of another.
  known.sort((a, b) => b.length - a.length)
  const knownPattern = known.length === 0 ? null : new RegExp(known.map(literal).join('|'), 'g')

  return {
    // A copy of an object is one.
    object: (value) => clean(value, 0, new Set()) as Record<string, unknown>,
    line(line) {
      let text = knownPattern === null ? line : line.replace(knownPattern, redacted)
      for (const [form, put] of credentialForms) text = text.replace(form, put)
      return text
    },
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** As it is, as in a JSON text, in a URL, and as base64 with and without its padding. */
function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '')
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64])]
}

function clean(value: unknown, depth: number, above: ReadonlySet<unknown>): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth || above.has(value)) return '[not shown]'
  if (value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  const within = new Set(above).add(value)
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1, within))
  const entries = value instanceof Error ? errorEntries(value) : entriesOf(value)
  return Object.fromEntries(
    entries.map(([name, item]) => [name, isCredential(name) ? hide(item) : clean(item, depth + 1, within)]),
  )
}

function isCredential(name: string): boolean {
  return credentialNames.test(name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase())
}

/** Counts are none: `tokens: 12`. */
function hide(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' || value == null ? value : redacted
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return value instanceof Map ? [...value].map(([key, item]) => [String(key), item]) : Object.entries(value)
}

function errorEntries(error: Error): readonly (readonly [string, unknown])[] {
  const { name, message, stack, cause } = error
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key))
  return [
    ['type', name],
    ['message', message],
    ['stack', stack],
    ...(cause === undefined ? [] : [['cause', cause] as const]),
    ...own,
  ]
}
