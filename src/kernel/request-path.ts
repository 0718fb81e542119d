import type { IncomingMessage } from 'node:http'

/** The path as sent, without the query. Does not use `new URL`, which throws on `//`, and anyone can send that. */
export function requestPath({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}
