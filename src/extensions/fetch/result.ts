import { cutText } from '../../kernel/cut-text.ts'
import { stringifyJson } from '../../kernel/json.ts'
import { answerWords, isPart } from '../content/answer-words.ts'
import { readJson, readJsonLines } from '../content/json.ts'
import type { PageText } from '../content/page-text.ts'
import { problemWords } from '../content/problem.ts'
import { type Content, readContent, type TextContent } from '../content/read-content.ts'
import type { FetchResponse } from '../safe-fetch/safe-fetch.ts'
import type { FetchFormat } from './options.ts'
import type { Scrubber } from './scrub.ts'

export type FetchOutcome =
  | { readonly kind: 'data'; readonly data: unknown }
  | { readonly kind: 'error'; readonly message: string }

/** How much of an error response the model sees, in UTF-16 code units. */
const maxErrorBody = 2000

export interface ResultReading {
  readonly format: FetchFormat
  readonly scrubber: Scrubber
  readonly pageText: PageText
}

/**
 * Translates a response for the model: JSON as it is, JSON lines as a list, anything else as `{ status, body }` with
 * `truncated: true` if it was cut and a `note` if there is more to know. A status outside 200 to 299 is an error that
 * quotes the body, except 304. Removes secrets before anything is cut or converted.
 */
export async function readFetchResult(response: FetchResponse, reading: ResultReading): Promise<FetchOutcome> {
  const { status, truncated } = response
  const { format, scrubber, pageText } = reading
  const content = await readContent(response)
  if (status === 304) return { kind: 'data', data: { status, body: '', ...noteOf(response) } }
  if (status < 200 || status > 299) return { kind: 'error', message: await errorMessage(response, content, reading) }
  if (!('text' in content)) {
    const isNamed = response.contentType.trim() !== '' || content.mediaType !== 'application/octet-stream'
    const type = isNamed ? scrubber.text(content.mediaType.slice(0, 100)) : 'of no type'
    return { kind: 'error', message: `Response is not text, but ${type}` }
  }
  const values = readValues(response, content, format)
  if (values?.kind === 'error') return values
  if (values?.kind === 'data' && !truncated && !isPart(response)) {
    return { kind: 'data', data: scrubber.data(values.data) }
  }
  const { kind, text } = content
  const clean = truncated ? scrubber.cutText(text) : scrubber.text(text)
  const shown = kind === 'html' && format !== null && format !== 'json' ? await pageText(clean, format) : clean
  // Scrubs again, because the conversion may have removed markup that split a secret.
  const body = values?.kind === 'data' ? scrubber.data(values.data) : scrubber.text(shown)
  return { kind: 'data', data: { status, body, ...(truncated && { truncated }), ...noteOf(response) } }
}

/** The values of JSON or JSON lines, where they are asked for or announced. Null: the content is to be read as text. */
function readValues(response: FetchResponse, { kind, text }: TextContent, format: FetchFormat): FetchOutcome | null {
  const { truncated, body } = response
  const isJson = format === 'json' || (format === null && (kind === 'json' || kind === 'json-lines'))
  if (!isJson || (format === null && body.length === 0)) return null
  const isCut = truncated || isPart(response)
  const lines = kind === 'json-lines' || format === 'json' ? readJsonLines(text, isCut) : null
  if (kind === 'json-lines' && lines !== null) return { kind: 'data', data: lines }
  if (truncated) {
    return { kind: 'error', message: `The response has more than ${body.length} bytes, so its JSON cannot be read.` }
  }
  const json = readJson(text)
  if (json !== null) return { kind: 'data', data: json.value }
  // Many servers call JSON lines JSON, or text.
  if (format === 'json' && lines !== null && lines.length > 0) return { kind: 'data', data: lines }
  return format === 'json'
    ? { kind: 'error', message: ['The response is not JSON.', ...answerWords(response)].join(' ') }
    : null
}

function noteOf(response: FetchResponse): { readonly note?: string } {
  const words = answerWords(response)
  return words.length === 0 ? {} : { note: words.join(' ') }
}

async function errorMessage(
  response: FetchResponse,
  content: Content,
  { scrubber, pageText }: ResultReading,
): Promise<string> {
  const lines = [`Status code: ${response.status}`, ...answerWords(response)]
  if (!('text' in content)) return lines.join('\n')
  const clean = response.truncated ? scrubber.cutText(content.text) : scrubber.text(content.text)
  const json = content.kind === 'json' ? readJson(content.text) : null
  const words = async () => (content.kind === 'html' ? scrubber.text(await pageText(clean, 'text')) : clean.trim())
  // Of an error page the words, because its beginning is markup.
  const quoted = json === null ? await words() : stringifyJson(scrubber.data(json.value))
  const isLong = quoted.length > maxErrorBody
  const isProblem = json !== null && content.mediaType === 'application/problem+json'
  const problem = !isProblem ? null : problemWords(scrubber.data(json.value))
  return [...lines, problem, isLong ? `${cutText(quoted, maxErrorBody)} …` : quoted].filter(Boolean).join('\n')
}
