import type { FetchAttachment, FetchedAttachment } from '../../conversation/attachment.ts'
import { cutText } from '../../kernel/cut-text.ts'
import { answerWords, isPart } from '../content/answer-words.ts'
import { mediaKindOf } from '../content/media-kinds.ts'
import { createPageText, type PageHelper, type PageText } from '../content/page-text.ts'
import { readContent } from '../content/read-content.ts'
import { FetchFailed, FetchRefused } from '../safe-fetch/fault.ts'
import type { FetchResponse, SafeFetch } from '../safe-fetch/safe-fetch.ts'

const attachmentBounds = {
  /** Of a longer text the model gets the beginning; a longer file fails. */
  bytes: 8_000_000,
  /** How much of a page's markup is read, in UTF-16 code units: reading a million takes a third of a second. */
  markup: 1_000_000,
  /** How much of a text the model gets, in UTF-16 code units. The rest is cut off. */
  text: 100_000,
  /** How many bytes of either are decoded: in the slowest charset that takes 20 ms of processor time. */
  markupBytes: 1_500_000,
  textBytes: 400_000,
  timeoutMs: 60_000,
} as const

/**
 * Fetches an attachment through the guarded client, which reaches public addresses only and sends no ambient
 * credentials. Failures are outcomes for the model; throws only when the signal is aborted.
 */
export function createFetchAttachment(safeFetch: SafeFetch, pageText: PageHelper): FetchAttachment {
  return async ({ url, account, budget }, signal) => {
    const { bytes: maxBytes, timeoutMs } = attachmentBounds
    try {
      const response = await safeFetch.fetch({ url, account, signal, timeoutMs, maxBytes, whenLarger: 'cut' })
      const { status } = response
      if (status < 200 || status > 299) {
        const message = [`The server answered with status ${status}.`, ...answerWords(response)].join(' ')
        return { kind: 'failed', message }
      }
      return await read(response, createPageText(pageText, { account, budget, signal }))
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof FetchRefused || error instanceof FetchFailed)
        return { kind: 'failed', message: error.message }
      throw error
    }
  }
}

async function read(response: FetchResponse, pageText: PageText): Promise<FetchedAttachment> {
  const { body } = response
  const isPartial = response.truncated || isPart(response)
  const { markupBytes, textBytes } = attachmentBounds
  const content = await readContent(response, (kind) => (kind === 'html' ? markupBytes : textBytes))
  const { mediaType } = content
  if ('text' in content) {
    const isPage = content.kind === 'html'
    const whole = isPage ? await pageText(content.text.slice(0, attachmentBounds.markup), 'markdown') : content.text
    const isCut =
      isPartial ||
      content.isCut ||
      whole.length > attachmentBounds.text ||
      (isPage && content.text.length > attachmentBounds.markup)
    return { kind: 'text', mediaType, bytes: body.length, text: cutText(whole, attachmentBounds.text), isCut }
  }
  if (response.truncated) return { kind: 'failed', message: `The response has more than ${body.length} bytes.` }
  if (isPartial) return { kind: 'failed', message: 'The server sent only a part of the file.' }
  if (content.kind === 'file') return { kind: 'file', mediaType, content: body }
  // Providers look at the bytes too, and refuse the whole request.
  if (mediaKindOf(mediaType) === 'file') {
    return { kind: 'failed', message: `The server calls it ${mediaType}, and its content is something else.` }
  }
  return { kind: 'other', mediaType, bytes: body.length }
}
