export interface Redaction {
  /**
   * Copies an object and replaces fields with the names of credentials by `[redacted]`, at any depth. Errors become
   * plain objects.
   */
  object(value: Record<string, unknown>): Record<string, unknown>
  /**
   * Removes the known secrets from a line, in every form they are sent in, and anything that looks like a credential.
   */
  line(line: string): string
}

const redacted = '[redacted]'
/** Matches names in snake case. */
const credentialNames =
  /(^|[_-])(authorization|cookie|password|passwd|secrets?|tokens?|credentials?|connection_params|(api|access|private|secrets?|signing)[_-]?keys?)$/
/** Bearer and Basic credentials, signed tokens, keys of known providers, and passwords in URLs. */
const credentialForms: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redacted],
  [/\bsk-[\w-]{16,}/g, redacted],
  [/(\/\/[^\s/:@"]*:)[^\s/@"]+@/g, `$1${redacted}@`],
]
/** Deeper than anything we log on purpose. */
const maxDepth = 12
/** A shorter secret would match ordinary words. */
const shortestSecret = 6

/** @param secrets read at each line, so that they can change */
export function createRedaction(secrets: readonly string[] | (() => readonly string[])): Redaction {
  const secretsNow = typeof secrets === 'function' ? secrets : () => secrets
  let latest = { of: secretsNow(), pattern: patternOf(secretsNow()) }
  const pattern = () => {
    const of = secretsNow()
    if (of !== latest.of) latest = { of, pattern: patternOf(of) }
    return latest.pattern
  }
  return {
    // The copy of an object is an object.
    object: (value) => clean(value, 0, new Set()) as Record<string, unknown>,
    line(line) {
      const knownPattern = pattern()
      let text = knownPattern === null ? line : line.replace(knownPattern, redacted)
      for (const [form, put] of credentialForms) text = text.replace(form, put)
      return text
    },
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** The secret in plain form, JSON-escaped, URL-encoded, and in base64 with and without padding. */
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
  if (isCommand(value)) return { name: value.name, args: `[${value.args.length} not shown]` }
  const entries = value instanceof Error ? errorEntries(value) : entriesOf(value)
  return Object.fromEntries(
    entries.map(([name, item]) => [name, isCredential(name) ? hide(item) : clean(item, depth + 1, within)]),
  )
}

function isCredential(name: string): boolean {
  return credentialNames.test(name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase())
}

/** Hides a value, except counts such as `tokens: 12`. */
function hide(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' || value == null ? value : redacted
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return value instanceof Map ? [...value].map(([key, item]) => [String(key), item]) : Object.entries(value)
}

/** A command of a Redis client, which adds it to the errors of the command. Its arguments are what people say. */
function isCommand(value: object): value is { readonly name: string; readonly args: readonly unknown[] } {
  return 'name' in value && typeof value.name === 'string' && 'args' in value && Array.isArray(value.args)
}

/** Redis quotes the arguments of a command that it does not have, such as one that its operator has renamed. */
const quotedArguments = /(, with args beginning with: ).*/g

function withoutArguments(text: string): string {
  return text.replace(quotedArguments, '$1[not shown]')
}

function errorEntries(error: Error): readonly (readonly [string, unknown])[] {
  const { name, message, stack, cause } = error
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key))
  return [
    ['type', name],
    ['message', withoutArguments(message)],
    ['stack', stack === undefined ? undefined : withoutArguments(stack)],
    ...(cause === undefined ? [] : [['cause', cause] as const]),
    ...own,
  ]
}

function patternOf(secrets: readonly string[]): RegExp | null {
  const known = secrets.filter(({ length }) => length >= shortestSecret).flatMap(formsOf)
  // Longest first, because one secret may be a prefix of another.
  known.sort((a, b) => b.length - a.length)
  return known.length === 0 ? null : new RegExp(known.map(literal).join('|'), 'g')
}
