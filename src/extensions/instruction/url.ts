/** A piece of a URL: what its author wrote, or what fills a slot of it. */
export interface UrlPiece {
  readonly text: string
  /** Null for what the author wrote. */
  readonly filled: null | {
    readonly field: string
    readonly isRequired: boolean
    /** Its operands have percent-encoded it. */
    readonly isEncoded: boolean
  }
}

/**
 * Puts a URL together so that what fills it stays where its author put it. What begins the URL is taken as it is: there
 * the author has given the address away. Behind that, a host takes letters, digits, dots and hyphens; in the path all but
 * slashes is percent-encoded, `.` and `..` between slashes are refused, and so is nothing for a required field; in query
 * and fragment everything is encoded. `start` is what stands before the pieces.
 */
export function joinUrl(pieces: readonly UrlPiece[], start: string, refuse: (message: string) => void): string {
  let url = start
  for (const [index, { text, filled }] of pieces.entries()) {
    if (filled === null || url === '') url += text
    else {
      const fitted = fitText(url, pieces[index + 1]?.text ?? '', { text, ...filled })
      if (fitted === null) refuse(`The field "${filled.field}" does not fit into the URL where it stands.`)
      url += fitted ?? ''
    }
  }
  const isLone = pieces.length === 1 && start === ''
  if (!isLone && pieces.some(({ filled }) => filled !== null) && hasDots(url)) {
    refuse('The path of the URL, once filled, holds . or .. between slashes.')
  }
  return url.slice(start.length)
}

interface Filled {
  readonly text: string
  readonly isRequired: boolean
  readonly isEncoded: boolean
}

/** Null: the text cannot stand there. */
function fitText(before: string, after: string, { text, isRequired, isEncoded }: Filled): string | null {
  const encoded = isEncoded ? text : encodeURIComponent(text.toWellFormed())
  if (/[?#]/.test(before)) return encoded
  const isInHost = /^[a-z][a-z0-9+.-]*:[\\/]*[^\\/?#]*$/i.test(before)
  // `https://example.com$[path]`: without a slash of its own, a path would go on with the host's name.
  const endsHost = isInHost && /[a-z0-9\]]$/i.test(before) && /^([\\/?#]|$)/.test(after)
  if (endsHost) return text === '' && !isRequired ? '' : text.startsWith('/') ? encodePath(text, isEncoded) : null
  if (isInHost) return /^[a-z0-9._-]+(:\d{1,5})?$/i.test(text) ? text : null
  if (text === '' && isRequired) return null
  return encodePath(text, isEncoded)
}

function encodePath(text: string, isEncoded: boolean): string {
  return isEncoded ? text : text.toWellFormed().split('/').map(encodeURIComponent).join('/')
}

function hasDots(url: string): boolean {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:[\\/]*[^\\/?#]*/i, '').replace(/[?#].*$/s, '')
  return path.split(/[\\/]/).some((segment) => /^(\.|%2e){1,2}$/i.test(segment))
}
