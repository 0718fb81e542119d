import { isRecord } from '../../kernel/json.ts'
import { FetchRefused } from '../safe-fetch/fault.ts'

const fetchFormats = ['text', 'markdown', 'json'] as const

/** The format in which the model gets the response. Null: the content type decides. */
export type FetchFormat = (typeof fetchFormats)[number] | null

export interface FetchOptions {
  readonly format: FetchFormat
  readonly timeoutMs: number
}

const fields: readonly string[] = [
  'url',
  'uri',
  'method',
  'path',
  'query',
  'headers',
  'authorization',
  'body',
  'options',
]
const optionNames: readonly string[] = ['format', 'text']
const settingNames: readonly string[] = ['timeout', ...optionNames]

const timeoutMs = { least: 10_000, most: 300_000, byDefault: 10_000 }

/**
 * Returns a sentence that names an option we do not support, or null. Looks at names only, so it also works when a
 * dispatch is accepted and placeholders and references are still unfilled.
 */
export function fetchRequestFault(request: unknown, settings: Readonly<Record<string, unknown>>): string | null {
  if (typeof request !== 'string' && !isRecord(request)) return 'A fetch takes a URL, raw HTTP, or an object.'
  const given = isRecord(request) ? Object.entries(request).map(([key, value]) => [plainKey(key), value] as const) : []
  const options = given.find(([key]) => key === 'options')?.[1] ?? {}
  if (!isRecord(options)) return 'The field options of a fetch takes an object.'
  const unknowns = [
    ...unknownNames(
      'field',
      given.map(([key]) => key),
      fields,
    ),
    ...unknownNames('option', Object.keys(options).map(plainKey), optionNames),
    ...unknownNames('setting', Object.keys(settings), settingNames),
  ]
  return unknowns[0] ?? null
}

/**
 * Merges the settings in the head of the block with the options of the object, which take precedence. Throws
 * FetchRefused.
 */
export function readFetchOptions(options: unknown, settings: Readonly<Record<string, unknown>>): FetchOptions {
  const { format, text } = { ...settings, ...(isRecord(options) ? options : {}) } as Record<string, unknown>
  return { format: readFormat(format, text), timeoutMs: readTimeout(settings['timeout']) }
}

/** The key without a trailing `?`. A key with `?` is left out if its value is empty. */
export function plainKey(key: string): string {
  return key.endsWith('?') ? key.slice(0, -1) : key
}

function unknownNames(kind: string, names: readonly string[], known: readonly string[]): readonly string[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => `There is no ${kind} ${JSON.stringify(name)} of a fetch; there are ${known.join(', ')}.`)
}

/** `text` by itself, as in `fetch/text` or `text: true`, selects the format text. */
function readFormat(format: unknown, text: unknown): FetchFormat {
  if (format === undefined || format === null || format === '') {
    return text === true || text === '' || text === 'true' ? 'text' : null
  }
  const known = fetchFormats.find((name) => name === format)
  if (known === undefined) {
    throw new FetchRefused(`The format ${JSON.stringify(format)} of a fetch is not one of ${fetchFormats.join(', ')}.`)
  }
  return known
}

/** The timeout in milliseconds, clamped to its bounds as upstream does: an ability that asks for 5 seconds gets 10. */
function readTimeout(timeout: unknown): number {
  if (timeout === undefined || timeout === '') return timeoutMs.byDefault
  const wish = typeof timeout === 'string' ? Number(timeout) : timeout
  if (typeof wish !== 'number' || Number.isNaN(wish)) {
    throw new FetchRefused('The setting timeout of a fetch takes a number of milliseconds.')
  }
  return Math.min(Math.max(Math.round(wish), timeoutMs.least), timeoutMs.most)
}
