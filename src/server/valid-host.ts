import type { IncomingMessage } from 'node:http'

/** Whether a URL can be made of the Host header, as Yoga does. HTTP/1.0 may do without one. */
export function hasValidHost({ headers, httpVersion }: IncomingMessage): boolean {
  if (headers.host === undefined) return httpVersion !== '1.1'
  return /^[\w.:[\]-]+$/.test(headers.host) && URL.canParse(`http://${headers.host}`)
}
