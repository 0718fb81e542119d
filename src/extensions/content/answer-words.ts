import { retryAfterMs } from '../../kernel/retry-after.ts'
import type { Headers } from '../safe-fetch/headers.ts'

interface AnswerHead {
  readonly status: number
  readonly headers: Headers
}

/** What a model should know of an answer besides its content, in sentences: what is missing, and when to ask again. */
export function answerWords({ status, headers }: AnswerHead): readonly string[] {
  return [conditionWords(status), partWords(status, headers['content-range'] ?? ''), waitWords(headers)].filter(
    (words) => words !== null,
  )
}

/** Whether an answer holds only a part of what it is of: RFC 9110, 14.4. */
export function isPart({ status, headers }: AnswerHead): boolean {
  if (status !== 206) return false
  const { first, last, total } = partRange.exec(headers['content-range'] ?? '')?.groups ?? {}
  return !(first === '0' && Number(last) + 1 === Number(total))
}

const partRange = /^\s*bytes\s+(?<first>\d+)-(?<last>\d+)\/(?<total>\d+|\*)\s*$/i

function conditionWords(status: number): string | null {
  switch (status) {
    case 304:
      return 'Nothing has changed since the version that the request names, so the content is not sent again. Without the conditional headers it is.'
    case 412:
      return 'The content has changed: the condition that the request names does not hold.'
    case 428:
      return 'The request needs a condition, such as the header if-match with the ETag of the version that it changes.'
    default:
      return null
  }
}

function partWords(status: number, contentRange: string): string | null {
  if (status === 416) {
    const [, total] = /^\s*bytes\s+\*\/(\d+)\s*$/i.exec(contentRange) ?? []
    return total === undefined ? null : `The content has ${total} bytes; the request asks for others.`
  }
  if (status !== 206) return null
  const { first, last, total } = partRange.exec(contentRange)?.groups ?? {}
  if (first === undefined || last === undefined) return 'This is a part of the content.'
  return `This is a part of the content: bytes ${first} to ${last} of ${total === '*' ? 'an unknown number' : total}.`
}

function waitWords(headers: Headers): string | null {
  const ms = retryAfterMs(headers)
  if (ms !== null) return `The server asks to wait ${Math.ceil(ms / 1000)} seconds before the next request.`
  const date = Date.parse(headers['retry-after'] ?? '')
  return Number.isNaN(date) ? null : `The server asks to wait until ${new Date(date).toUTCString()}.`
}
