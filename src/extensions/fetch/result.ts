import { cutText } from '../../kernel/cut-text.ts'
import { parseJson, stringifyJson } from '../../kernel/json.ts'
import type { FetchResponse } from '../safe-fetch/safe-fetch.ts'
import { htmlToMarkdown, htmlToText } from './html.ts'
import type { FetchFormat } from './options.ts'
import type { Scrubber } from './scrub.ts'

export type FetchOutcome =
  | { readonly kind: 'data'; readonly data: unknown }
  | { readonly kind: 'error'; readonly message: string }

/** How much of an error response the model sees, in UTF-16 code units. */
const maxErrorBody = 2000

/**
 * Translates a response for the model: JSON as it is, anything else as `{ status, body }` with `truncated: true` if it
 * was cut. A status outside 200 to 299 is an error that quotes the body. Removes secrets before anything is cut or
 * converted.
 */
export function readFetchResult(response: FetchResponse, format: FetchFormat, scrubber: Scrubber): FetchOutcome {
  const { status, contentType, truncated, body } = response
  const isSuccess = status >= 200 && status <= 299
  const text = isText(contentType, body) ? decodeText(contentType, body) : null
  if (text === null) {
    if (!isSuccess) return { kind: 'error', message: `Status code: ${status}` }
    const type = scrubber.text(contentType.slice(0, 100))
    return { kind: 'error', message: `Response is not text, but ${type === '' ? 'of no type' : type}` }
  }
  const clean = truncated ? scrubber.cutText(text) : scrubber.text(text)
  if (!isSuccess)
    return { kind: 'error', message: errorMessage(status, clean, isJson(contentType) ? text : null, scrubber) }

  if (format === 'json' || (format === null && isJson(contentType) && body.length > 0)) {
    if (truncated)
      return { kind: 'error', message: `The response has more than ${body.length} bytes, so its JSON cannot be read.` }
    const json = readJson(text)
    if (json !== null) return { kind: 'data', data: scrubber.data(json.value) }
    if (format === 'json') return { kind: 'error', message: 'The response is not JSON.' }
  }
  const shown = isHtml(contentType) && format !== null ? readable[format](clean) : clean
  // Scrubs again, because the conversion may have removed markup that split a secret.
  return { kind: 'data', data: { status, body: scrubber.text(shown), ...(truncated && { truncated }) } }
}

const readable: Readonly<Record<NonNullable<FetchFormat>, (html: string) => string>> = {
  text: htmlToText,
  markdown: htmlToMarkdown,
  json: (html) => html,
}

function errorMessage(status: number, text: string, json: string | null, scrubber: Scrubber): string {
  const parsed = json === null ? null : readJson(json)
  const quoted = parsed === null ? text.trim() : stringifyJson(scrubber.data(parsed.value))
  const isLong = quoted.length > maxErrorBody
  return [`Status code: ${status}`, isLong ? `${cutText(quoted, maxErrorBody)} …` : quoted].filter(Boolean).join('\n')
}

function readJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: parseJson(text) }
  } catch {
    return null
  }
}

function isJson(contentType: string): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(contentType)
}

function isHtml(contentType: string): boolean {
  return /^\s*(text\/html|application\/xhtml\+xml)\s*(;|$)/i.test(contentType)
}

const textTypes =
  /^\s*(text\/|application\/(json|xml|yaml|x-yaml|javascript|ecmascript|graphql|sql|toml|x-www-form-urlencoded|x-ndjson|jsonl?)\b|[^;]*\+(json|xml|yaml|text)\b)/i

/** Decides by the content type; without one, by whether the body is valid UTF-8. */
function isText(contentType: string, body: Uint8Array): boolean {
  if (contentType.trim() !== '') return body.length === 0 || textTypes.test(contentType)
  return (
    !body.includes(0) &&
    Buffer.from(body)
      .toString('utf8')
      .replace(/\uFFFD$/, '')
      .includes('\uFFFD') === false
  )
}

function decodeText(contentType: string, body: Uint8Array): string {
  const [, charset = 'utf-8'] = /;\s*charset=\s*"?([^\s";]+)/i.exec(contentType) ?? []
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    // An unknown charset. Most such pages are UTF-8 anyway.
    return new TextDecoder().decode(body)
  }
}
