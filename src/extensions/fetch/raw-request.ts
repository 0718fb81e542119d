import { FetchRefused } from '../safe-fetch/fault.ts'

/**
 * Parses a request that is written as text, a bare URL or raw HTTP (`METHOD URL [HTTP/1.1]`, headers, an empty line,
 * the body), into the fields of the object form. Splits the headers before any reference is filled in.
 */
export function parseTextRequest(text: string): Readonly<Record<string, unknown>> {
  const trimmed = text.trim()
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed)) {
    if (/[\r\n]/.test(trimmed)) throw new FetchRefused('The URL holds a line break.')
    return { url: trimmed }
  }
  const [, head = '', body = ''] = /^(.*?)(?:\r?\n\r?\n([\s\S]*))?$/s.exec(text.trimStart()) ?? []
  const [first = '', ...lines] = head.trimEnd().split(/\r?\n/)
  const [, method, url] = /^([A-Za-z]+)[ \t]+(\S.*?)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/.exec(first) ?? []
  if (method === undefined || url === undefined) {
    throw new FetchRefused(
      'The request is neither a URL, nor METHOD URL with headers and a body below it, nor an object.',
    )
  }
  const headers = readHeaders(lines)
  return body.trim() === '' ? { method, url, headers } : { method, url, headers, body: body.trimEnd() }
}

function readHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value = ''] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined)
      throw new FetchRefused('A line between the request line and the body is not a header like name: value.')
    const key = name.toLowerCase()
    if (headers.has(key)) throw new FetchRefused(`The header ${name} appears twice.`)
    headers.set(key, value)
  }
  return Object.fromEntries(headers)
}
