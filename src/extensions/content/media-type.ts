import { fileTypeFromBuffer } from 'file-type'
import mime from 'mime'
import { computedMIMEType } from 'whatwg-mimetype'
import type { DeclaredType } from './content-type.ts'
import { type MediaKind, mediaKindOf, saysNothing } from './media-kinds.ts'

export interface MediaTypeSource {
  /** What the server says. Null: nothing. */
  readonly declared: DeclaredType | null
  readonly body: Uint8Array
  /** The name of the file, with its ending. Null: unknown. */
  readonly name: string | null
}

export interface MediaType {
  /** Such as `text/html`, without parameters. */
  readonly essence: string
  readonly kind: MediaKind
}

const unknown = 'application/octet-stream'

/**
 * What content is. Files that models take are known by their bytes, whatever the server calls them. Otherwise the header
 * decides where it says something, else the bytes (https://mimesniff.spec.whatwg.org/), else the name. The kind `file`
 * means that the bytes are such a file; with its media type and the kind `other`, they are something else.
 */
export async function computeMediaType({ declared, body, name }: MediaTypeSource): Promise<MediaType> {
  const sniffed = sniff(body)
  if (mediaKindOf(sniffed) === 'file') return { essence: sniffed, kind: 'file' }
  if (declared === null || saysNothing(declared.essence)) {
    return hasBinary(body) ? { essence: await binaryType(body, name), kind: 'other' } : textType(sniffed, name)
  }
  const { essence, charset } = declared
  const kind = mediaKindOf(essence)
  if (kind === 'file') return { essence: (await fileTypeOf(body)) ?? essence, kind: 'other' }
  if (kind === 'other') return { essence, kind }
  // UTF-16 looks binary; a server that names it is believed.
  const isBinary = hasBinary(body) && !/^(utf-16|ucs-2)/i.test(charset ?? '')
  if (!isBinary) return { essence, kind: kind ?? 'text' }
  if (kind === null) return { essence, kind: 'other' }
  // Of a page or data browsers read even such bytes, unless they are a file of another type.
  const found = await fileTypeOf(body)
  if (found === null && essence !== 'text/plain') return { essence, kind }
  return { essence: found ?? unknown, kind: 'other' }
}

/** The type that browsers see in bytes without a header. */
function sniff(body: Uint8Array): string {
  const { essence } = computedMIMEType(body)
  const kind = mediaKindOf(essence)
  // Some signatures are two or three letters, such as BM: text can begin so.
  return kind === 'file' || essence.startsWith('text/') || hasBinary(body) ? essence : 'text/plain'
}

function textType(sniffed: string, name: string | null): MediaType {
  const named = name === null ? null : mime.getType(name)
  const namedKind = named === null ? null : mediaKindOf(named)
  const isText = namedKind !== null && namedKind !== 'file' && namedKind !== 'other'
  const essence = isText && named !== null ? named : sniffed
  return { essence, kind: mediaKindOf(essence) ?? 'text' }
}

async function binaryType(body: Uint8Array, name: string | null): Promise<string> {
  const named = name === null ? null : mime.getType(name)
  const isTold = named !== null && (mediaKindOf(named) ?? 'other') === 'other'
  return (await fileTypeOf(body)) ?? (isTold ? named : unknown)
}

async function fileTypeOf(body: Uint8Array): Promise<string | null> {
  return (await fileTypeFromBuffer(body))?.mime ?? null
}

/** Whether the standard calls bytes binary: a control character that no text holds among the first 1445, and no BOM. */
function hasBinary(body: Uint8Array): boolean {
  return computedMIMEType(body, { contentTypeHeader: 'text/plain' }).essence !== 'text/plain'
}
