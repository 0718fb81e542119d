/** A piece of a URL: literal text of its author, or the value of a slot. */
export interface UrlPiece {
  readonly text: string
  /** Null: literal text of the author. */
  readonly filled: null | {
    readonly field: string
    readonly isRequired: boolean
    /** Whether operands have already percent-encoded the text. */
    readonly isEncoded: boolean
  }
}

/**
 * Joins a URL so that each value stays in its part. A value at the very beginning is taken as it is: there the author
 * lets the model choose the address. After that, a value in the host may contain letters, digits, dots and hyphens; in
 * the path everything but slashes is percent-encoded, and the segments `.` and `..` and an empty required field are
 * refused; in query and fragment everything is encoded. `start` is the text before the pieces.
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
    refuse('After filling, the path of the URL contains . or .. as a segment.')
  }
  return url.slice(start.length)
}

interface Filled {
  readonly text: string
  readonly isRequired: boolean
  readonly isEncoded: boolean
}

/** Fits a value between its neighbours. Null: the value is not allowed there. */
function fitText(before: string, after: string, { text, isRequired, isEncoded }: Filled): string | null {
  const encoded = isEncoded ? text : encodeURIComponent(text.toWellFormed())
  if (/[?#]/.test(before)) return encoded
  const isInHost = /^[a-z][a-z0-9+.-]*:[\\/]*[^\\/?#]*$/i.test(before)
  // `https://example.com$[path]`: a path that does not begin with a slash would extend the host name.
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
