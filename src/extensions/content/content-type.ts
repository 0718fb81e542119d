import { MIMEType } from 'whatwg-mimetype'

/** A media type that a server names. */
export interface DeclaredType {
  /** Such as `text/html`, in lower case. */
  readonly essence: string
  /** The label of a charset. Null: none. */
  readonly charset: string | null
}

/**
 * Reads a Content-Type header as browsers do (https://fetch.spec.whatwg.org/#concept-header-extract-mime-type): of several
 * types the last one counts, and it inherits the charset of the same type before it. Null if it names no type.
 */
export function readContentType(header: string): DeclaredType | null {
  const parts = header.match(/(?:"(?:\\.|[^"\\])*"|[^,"]|")+/g) ?? []
  return parts.reduce<DeclaredType | null>((before, part) => {
    const type = MIMEType.parse(part)
    if (type === null || type.essence === '*/*') return before
    const inherited = before?.essence === type.essence ? before.charset : null
    return { essence: type.essence, charset: type.parameters.get('charset') ?? inherited }
  }, null)
}
