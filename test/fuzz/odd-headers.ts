import fc, { type GeneratorValue } from 'fast-check'

/** Values of headers that no one expects. Empty and missing ones are among them. */
const values = {
  accept: [
    'application/json',
    'application/jsonl',
    'text/event-stream',
    'text/html',
    '*/*;q=0',
    'application/json;q=NaN',
    ',,,,',
    ';',
    '',
    'a/b,'.repeat(1000),
  ],
  'content-type': [
    'application/json',
    'application/json; charset=utf-16',
    'application/vnd.x+json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'json',
    '',
    'x'.repeat(4000),
  ],
  'last-event-id': [
    '',
    '~1',
    'e30',
    'AAAAAAAAAAAAAAAA~99999999999999999999',
    '../../etc/passwd',
    '%00',
    '\u00ff\u00fe',
    'x'.repeat(4000),
  ],
  'x-timezone': ['Europe/Berlin', 'UTC', 'Mars/Olympus', '+25:00', '../etc/localtime', '', 'A'.repeat(4000)],
  'x-runas-user-id': ['beta', '', '__proto__'],
  'accept-encoding': ['gzip;q=2', 'identity;q=0', '*'],
  // Beyond what Node takes of all headers together.
  'x-absurd': ['x'.repeat(20_000)],
} as const

/** Some of the headers, mostly none; the content type is JSON unless it is one of them. */
export function oddHeaders(g: GeneratorValue): Readonly<Record<string, string>> {
  const drawn = Object.entries(values).flatMap(([name, choices]) => {
    const isRare = name === 'x-absurd'
    if (g(fc.nat, { max: isRare ? 60 : 5 }) !== 0) return []
    return [[name, choices[g(fc.nat, { max: choices.length - 1 })] ?? ''] as const]
  })
  return { 'content-type': 'application/json', ...Object.fromEntries(drawn) }
}
