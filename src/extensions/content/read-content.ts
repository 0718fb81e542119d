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
}

/** What a response holds. */
export type Content = TextContent | { readonly kind: 'file' | 'other'; readonly mediaType: string }

/** The one reading of what was fetched, for abilities and attachments alike. */
export async function readContent(
  response: Pick<FetchResponse, 'url' | 'headers' | 'contentType' | 'body' | 'truncated'>,
): Promise<Content> {
  const { body, contentType, truncated: isCut } = response
  const declared = readContentType(contentType)
  const { essence, kind } = await computeMediaType({ declared, body, name: fileName(response) })
  if (kind === 'file' || kind === 'other') return { kind, mediaType: essence }
  const text = decodeText({ body, essence, charset: declared?.charset ?? null, isCut })
  return { kind, mediaType: essence, text }
}
