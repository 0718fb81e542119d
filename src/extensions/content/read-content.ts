import type { FetchResponse } from '../safe-fetch/safe-fetch.ts'
import { readContentType } from './content-type.ts'
import { decodeText } from './decode-text.ts'
import { fileName } from './file-name.ts'
import type { MediaKind } from './media-kinds.ts'
import { computeMediaType } from './media-type.ts'

/** `mediaType` has no parameters. */
export interface TextContent {
  readonly kind: Exclude<MediaKind, 'file' | 'other'>
  readonly mediaType: string
  readonly text: string
  /** True: there is more of it than the text. */
  readonly isCut: boolean
}

/** What a response holds. */
export type Content = TextContent | { readonly kind: 'file' | 'other'; readonly mediaType: string }

/**
 * The one reading of what was fetched, for abilities and attachments alike. `bytesOf`: how many bytes of a text of this kind
 * are decoded: 8 MB take up to 100 ms of processor time in one stretch. Absent: all.
 */
export async function readContent(
  response: Pick<FetchResponse, 'url' | 'headers' | 'contentType' | 'body' | 'truncated'>,
  bytesOf: (kind: TextContent['kind']) => number = () => Number.POSITIVE_INFINITY,
): Promise<Content> {
  const { body, contentType, truncated } = response
  const declared = readContentType(contentType)
  const { essence, kind } = await computeMediaType({ declared, body, name: fileName(response) })
  if (kind === 'file' || kind === 'other') return { kind, mediaType: essence }
  const read = body.subarray(0, bytesOf(kind))
  const isCut = truncated || read.length < body.length
  const text = decodeText({ body: read, essence, charset: declared?.charset ?? null, isCut })
  return { kind, mediaType: essence, text, isCut }
}
