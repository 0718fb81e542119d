import { parsed } from '../../kernel/json.ts'
import { codeRows } from './error-codes.ts'
import { codePatterns, type ErrorReading, policyPattern, statusRows } from './error-rows.ts'
import { readWords, wordRows } from './error-word-rows.ts'
import { errorWords } from './error-words.ts'
import { type Fields, fieldsOf, isObject, textOf } from './fields.ts'
import { toldWaitMs } from './told-wait.ts'

/** What an error says about itself, in any form. */
export interface ToldError {
  /** For a person; null if there is none. */
  readonly words: string | null
  readonly code: string | null
  readonly type: string | null
  /** An HTTP status inside the error itself. */
  readonly status: number | null
  /** What it says besides: names of quotas, reasons, times to wait. */
  readonly details: string
}

/**
 * Reads an error in any of the forms that providers use: `{"error": {…}}`, `{"error": "…", "error_type": "…"}`, the
 * fields alone, a list with one of them, words alone, a failed response of OpenAI's, MiniMax's `base_resp`, and another
 * provider's error in OpenRouter's `metadata.raw`.
 */
export function readError(value: unknown): ToldError {
  if (Array.isArray(value)) return readError(value[0])
  const outer = fieldsOf(value)
  const listed = Array.isArray(outer['errors']) ? outer['errors'][0] : undefined
  const told = outer['error'] ?? fieldsOf(outer['response'])['error'] ?? outer['base_resp'] ?? listed ?? value
  const inner = fieldsOf(told)
  const upstream = upstreamError(inner)
  const codes = ['code', 'error_code'].map((key) => inner[key] ?? outer[key])
  const types = [
    inner['type'],
    inner['status'],
    inner['error_type'],
    outer['error_type'],
    outer['type'],
    outer['status'],
  ]
  const numbers = ['code', 'status', 'statusCode', 'status_code'].flatMap((key) => [inner[key], outer[key]])
  const words = errorWords(told) ?? errorWords(value)
  const named = numbers.map(Number).find((number) => Number.isInteger(number) && number >= 400 && number < 600)
  return {
    words,
    code: answeredCode(outer) ?? upstream?.code ?? codes.map(codeOf).find((code) => code !== null) ?? null,
    type: upstream?.type ?? types.map(textOf).find((word) => word !== undefined && !isEnvelope(word)) ?? null,
    status: named ?? statusIn(words ?? ''),
    details: detailsOf(inner, outer),
  }
}

/** Statuses are no codes, but Z.ai counts its codes from 1000 on. */
function codeOf(value: unknown): string | null {
  const code = typeof value === 'number' ? String(value) : (textOf(value) ?? '')
  return /^\d{0,3}$/.test(code) ? null : code
}

/** Proxies pass on an error as the text that a client library made of it: `Error code: 400 - {…}`. */
function statusIn(words: string): number | null {
  const [, status] = /\b(?:error code|status(?: code)?|http)[: ]+([45]\d\d)\b/i.exec(words) ?? []
  return status === undefined ? null : Number(status)
}

/** MiniMax has numbers of its own, which others use for other things. */
function answeredCode({ base_resp: answered }: Fields): string | null {
  return isObject(answered) ? `base_resp ${fieldsOf(answered)['status_code']}` : null
}

/** OpenRouter wraps the error of the provider behind it. */
function upstreamError({ metadata }: Fields): ToldError | null {
  const raw = textOf(fieldsOf(metadata)['raw']) ?? ''
  return raw === '' ? null : readError(parsed(raw) ?? raw)
}

/** Google's details of an error: the quota, the reason, and after what time to ask again; and others' times to wait. */
function detailsOf(inner: Fields, outer: Fields): string {
  const details = Array.isArray(inner['details']) ? inner['details'].map(fieldsOf) : []
  const violations = details.flatMap(({ violations: told }) => (Array.isArray(told) ? told.map(fieldsOf) : []))
  const names = [...details.map(({ reason }) => reason), ...violations.map(({ quotaId }) => quotaId)]
  const delay = details.map(({ retryDelay }) => textOf(retryDelay)).find((text) => text !== undefined)
  const seconds = Number(inner['retry_after'] ?? outer['retry_after'] ?? outer['estimated_time'])
  const wait = delay ?? (seconds > 0 ? `${seconds}s` : undefined)
  return [...names.flatMap((name) => textOf(name) ?? []), ...(wait === undefined ? [] : [`retry in ${wait}`])].join(
    '\n',
  )
}

/** Names of wrappers, which say nothing about the error. */
function isEnvelope(type: string): boolean {
  return type === '' || type === 'error' || type === 'response.failed'
}

/** Null: neither status nor code nor words say anything. `httpStatus` is the answer's own, if that was an error. */
export function judgeError(error: ToldError, httpStatus: number | null): ErrorReading | null {
  const { code, type, status, words, details } = error
  const said = [code, type].flatMap((word) => (word === null ? [] : [word.toLowerCase()]))
  const rows = said.flatMap((word) => codeRows.filter((row) => row.code === word))
  const all = `${words ?? ''}\n${details}`
  const known = httpStatus ?? status
  const strongWords = readWords(
    all,
    wordRows.filter(({ beatsStatus }) => beatsStatus === true),
  )
  if (strongWords !== null) return strongWords
  const strong = rows.find(({ beatsStatus }) => beatsStatus === true)
  if (strong !== undefined) return strong.read
  if (policyPattern.test(said[0] ?? '')) return 'refused'
  if (known !== null) return judgeStatus(known)
  if (rows[0] !== undefined) return rows[0].read
  const text = said.join(' ')
  return codePatterns.find(([pattern]) => pattern.test(text))?.[1] ?? readWords(all, wordRows)
}

function judgeStatus(status: number): ErrorReading {
  return statusRows.find((row) => row.status === status)?.read ?? (status < 500 ? 'refused' : 'passing')
}

/** How long the error asks to wait, in its details or in its words. */
export function waitOf({ words, details }: ToldError): number | null {
  return toldWaitMs(details) ?? toldWaitMs(words ?? '')
}

/**
 * Whether an object that has none of an answer's fields is an error: servers put errors in their own forms into an
 * answer with status 200.
 */
export function isToldError(event: Fields): boolean {
  const { success, errors } = event
  if (success === false || (Array.isArray(errors) && errors.length > 0)) return true
  if ('detail' in event || 'error_code' in event) return true
  return ['message', 'Message', 'error_msg', 'error_message'].some((key) => typeof event[key] === 'string')
}
