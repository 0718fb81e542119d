import { codePatterns, codeRows, type ErrorReading, policyPattern, statusRows } from './error-rows.ts'
import { errorWords } from './error-words.ts'
import { fieldsOf, textOf } from './fields.ts'

/** What an error says about itself, in any form. */
export interface ToldError {
  /** For a person; null if there is none. */
  readonly words: string | null
  readonly code: string | null
  readonly type: string | null
  /** An HTTP status inside the error itself. */
  readonly status: number | null
}

/**
 * Reads an error in any of the forms that providers use: `{"error": {…}}`, `{"error": "…", "error_type": "…"}`, the
 * fields alone, a list with one of them, words alone, a failed response of OpenAI's, MiniMax's `base_resp`.
 */
export function readError(value: unknown): ToldError {
  if (Array.isArray(value)) return readError(value[0])
  const outer = fieldsOf(value)
  const told = outer['error'] ?? fieldsOf(outer['response'])['error'] ?? outer['base_resp'] ?? value
  const inner = fieldsOf(told)
  const words = ['code', 'error_code'].map((key) => inner[key] ?? outer[key])
  const types = [
    inner['type'],
    inner['status'],
    inner['error_type'],
    outer['error_type'],
    outer['type'],
    outer['status'],
  ]
  const numbers = ['code', 'status', 'statusCode', 'status_code'].flatMap((key) => [inner[key], outer[key]])
  return {
    words: errorWords(told) ?? errorWords(value) ?? textOf(inner['status_msg']) ?? null,
    code: words.map(textOf).find((word) => word !== undefined && !/^\d*$/.test(word)) ?? null,
    type: types.map(textOf).find((word) => word !== undefined && !isEnvelope(word)) ?? null,
    status: numbers.map(Number).find((number) => Number.isInteger(number) && number >= 400 && number < 600) ?? null,
  }
}

/** Names of wrappers, which say nothing about the error. */
function isEnvelope(type: string): boolean {
  return type === '' || type === 'error' || type === 'response.failed'
}

/** Null: neither status nor code says anything. `httpStatus` is the answer's own, if that was an error. */
export function judgeError({ code, type, status }: ToldError, httpStatus: number | null): ErrorReading | null {
  const said = [code, type].flatMap((word) => (word === null ? [] : [word.toLowerCase()]))
  const rows = said.flatMap((word) => codeRows.filter((row) => row.code === word))
  const known = httpStatus ?? status
  const strong = rows.find(({ beatsStatus }) => beatsStatus === true)
  if (strong !== undefined) return strong.read
  if (policyPattern.test(said[0] ?? '')) return 'refused'
  if (known !== null) return judgeStatus(known)
  if (rows[0] !== undefined) return rows[0].read
  const text = said.join(' ')
  return codePatterns.find(([pattern]) => pattern.test(text))?.[1] ?? null
}

function judgeStatus(status: number): ErrorReading {
  return statusRows.find((row) => row.status === status)?.read ?? (status < 500 ? 'refused' : 'passing')
}
