import type { IncomingMessage } from 'node:http'

/** Whether the Host header forms a valid URL, which Yoga requires. HTTP/1.0 may omit the header. */
export function hasValidHost({ headers, httpVersion }: IncomingMessage): boolean {
  if (headers.host === undefined) return httpVersion !== '1.1'
  return /^[\w.:[\]-]+$/.test(headers.host) && URL.canParse(`http://${headers.host}`)
}
