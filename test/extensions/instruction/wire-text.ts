import type { WireRequest } from './wire-server.ts'

/** The headers that every request has; see the test of all headers. */
const usual: readonly string[] = [
  'connection: close',
  'accept: */*',
  'accept-encoding: gzip, br',
  'user-agent: Backchannel',
  'x-timezone: Asia/Tokyo',
  'idempotency-key: call_1',
]

/**
 * A request in the words of HTTP: `METHOD target`, its headers in their order, and below an empty line its body. The headers that
 * every request has are left out where they are as usual, and so is a content-length that is the body's.
 */
export function wireText({ method, target, rawHeaders, body }: WireRequest, host: string): string {
  const left = [...usual, `host: ${host}`, `content-length: ${Buffer.byteLength(body)}`]
  const own = headerLines(rawHeaders).filter((line) => {
    const at = left.indexOf(line)
    // Once: the same header a second time is one too many.
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
  const head = [`${method} ${target}`, ...own].join('\n')
  return body === '' ? head : `${head}\n\n${body}`
}

export function headerLines(rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []))
}
