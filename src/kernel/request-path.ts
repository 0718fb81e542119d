import type { IncomingMessage } from 'node:http'

/** The path as it was sent, without the query. Not by `new URL`: anyone can send `//`, on which it throws. */
export function requestPath({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}
