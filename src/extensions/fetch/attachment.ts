import { fileTypeFromBuffer } from 'file-type'
import type { FetchedAttachment } from '../../conversation/attachment.ts'
import { cutText } from '../../kernel/cut-text.ts'
import { FetchFailed, FetchRefused } from '../safe-fetch/fault.ts'
import type { SafeFetch } from '../safe-fetch/safe-fetch.ts'

const attachmentBounds = {
  bytes: 8_000_000,
  /** How much of a text the model gets, in UTF-16 code units. The rest is cut off. */
  text: 100_000,
  timeoutMs: 60_000,
} as const

/** Media types that some models accept as files. */
const files = /^(image\/(png|jpeg|gif|webp)|application\/pdf)$/
const texts =
  /^(text\/.*|application\/(json|xml|yaml|x-yaml|javascript|x-javascript|typescript|sql|toml|x-sh|x-ndjson|jsonl)|.*\+(json|xml|yaml))$/

/**
 * Fetches an attachment through the guarded client, which reaches public addresses only and sends no ambient
 * credentials. Failures are outcomes for the model; throws only when the signal is aborted.
 */
export function createFetchAttachment(safeFetch: SafeFetch) {
  return async (url: string, signal: AbortSignal): Promise<FetchedAttachment> => {
    const { bytes: maxBytes, timeoutMs } = attachmentBounds
    try {
      const { status, contentType, body } = await safeFetch.fetch({ url, signal, timeoutMs, maxBytes })
      if (status < 200 || status > 299) return { kind: 'failed', message: `The server answered with status ${status}.` }
      return await read(contentType, body)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof FetchRefused || error instanceof FetchFailed)
        return { kind: 'failed', message: error.message }
      throw error
    }
  }
}

async function read(contentType: string, body: Uint8Array): Promise<FetchedAttachment> {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const known = sniff(body)
  if (known !== null) return { kind: 'file', mediaType: known, content: body }
  const mediaType = type === '' ? 'application/octet-stream' : type
  if (files.test(mediaType)) return misnamed(mediaType, body)
  const text = texts.test(mediaType) || mediaType === 'application/octet-stream' ? decode(body, parameters) : null
  if (text === null) return { kind: 'other', mediaType, bytes: body.length }
  const isCut = text.length > attachmentBounds.text
  return { kind: 'text', mediaType, bytes: body.length, text: cutText(text, attachmentBounds.text), isCut }
}

/** A file that is not what its server calls it: providers look at the bytes too, and refuse the whole request. */
async function misnamed(mediaType: string, body: Uint8Array): Promise<FetchedAttachment> {
  const found = await fileTypeFromBuffer(body)
  if (found !== undefined) return { kind: 'other', mediaType: found.mime, bytes: body.length }
  return { kind: 'failed', message: `The server calls it ${mediaType}, and its content is something else.` }
}

/** The first bytes that identify a file type. They win over the content type, which servers often get wrong. */
const beginnings: readonly (readonly [mediaType: string, bytes: readonly (number | null)[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
]

function sniff(body: Uint8Array): string | null {
  const found = beginnings.find(([, bytes]) => bytes.every((byte, at) => byte === null || body[at] === byte))
  return found?.[0] ?? null
}

/** Null if the bytes are invalid in the charset that the server names, or in UTF-8 without one. */
function decode(body: Uint8Array, parameters: readonly string[]): string | null {
  const charset =
    parameters
      .find((each) => each.startsWith('charset='))
      ?.slice(8)
      .replaceAll('"', '') ?? 'utf-8'
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(body)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}
