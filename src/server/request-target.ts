import type { IncomingMessage } from 'node:http'

/** The path and the query as they were sent. Not by `new URL`: anyone can send `//`, on which it throws. */
export function requestTarget({ url = '/' }: IncomingMessage): {
  readonly path: string
  readonly query: URLSearchParams
} {
  const [path = '', query = ''] = url.split('?', 2)
  return { path, query: new URLSearchParams(query) }
}

/** Whether a URL can be made of the Host header, as Yoga does. HTTP/1.0 may do without one. */
export function hasValidHost({ headers, httpVersion }: IncomingMessage): boolean {
  if (headers.host === undefined) return httpVersion !== '1.1'
  return /^[\w.:[\]-]+$/.test(headers.host) && URL.canParse(`http://${headers.host}`)
}
