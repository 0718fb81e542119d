import { describe, it } from 'vitest'
import { block, expectWire } from './wire-case.ts'

const dots = 'After filling, the path of the URL contains . or .. as a segment.'
const misfit = 'The field "q" does not fit into the URL where it stands.'
const properties = { q: { type: 'string' } }

type Row = [argument: string, sent: string | null, told?: string]

const expectRow = (request: string, q: string, sent: string | null, told?: string) =>
  expectWire({
    title: q,
    instruction: block(request),
    args: { q },
    properties,
    sent,
    ...(told !== undefined && { told }),
  })

const inPath: readonly Row[] = [
  ['../../admin', null, dots],
  ['..', null, dots],
  ['a/../../admin', null, dots],
  ['..\\..\\admin', 'GET /v1/..%5C..%5Cadmin/c?d=1'],
  ['%2e%2e%2fadmin', 'GET /v1/%252e%252e%252fadmin/c?d=1'],
  ['%2e%2e/admin', 'GET /v1/%252e%252e/admin/c?d=1'],
  ['..;/admin', 'GET /v1/..%3B/admin/c?d=1'],
  ['//evil.example', 'GET /v1///evil.example/c?d=1'],
  ['/evil.example', 'GET /v1//evil.example/c?d=1'],
  ['@evil.example', 'GET /v1/%40evil.example/c?d=1'],
  ['http://evil.example/', 'GET /v1/http%3A//evil.example//c?d=1'],
  ['?admin=1', 'GET /v1/%3Fadmin%3D1/c?d=1'],
  ['#', 'GET /v1/%23/c?d=1'],
  [';admin=1', 'GET /v1/%3Badmin%3D1/c?d=1'],
  [' HTTP/1.1\r\nX-Evil: 1\r\n\r\n', 'GET /v1/%20HTTP/1.1%0D%0AX-Evil%3A%201%0D%0A%0D%0A/c?d=1'],
  ['a\tb\0c', 'GET /v1/a%09b%00c/c?d=1'],
  ['\u2028\u0085', 'GET /v1/%E2%80%A8%C2%85/c?d=1'],
  ['half \ud83d', 'GET /v1/half%20%EF%BF%BD/c?d=1'],
  [
    '$[q]${SECRET_DEFAULT}{{SECRET_PLAIN}}((y))',
    'GET /v1/%24%5Bq%5D%24%7BSECRET_DEFAULT%7D%7B%7BSECRET_PLAIN%7D%7D((y))/c?d=1',
  ],
]

describe('in the path of a URL that carries a secret, an argument', () => {
  it.each(inPath)('%j reaches the server as %j', async (q, sent, told) => {
    const request = 'GET http://wire.test/v1/$[q]/c?d=1\nAuthorization: ${SECRET_DEFAULT}'
    await expectRow(request, q, sent === null ? null : `${sent}\nauthorization: Bearer sk-live-9Zk2`, told)
  })
})

const inQuery: readonly Row[] = [
  ['a&admin=1', 'GET /s?q=a%26admin%3D1&d=1'],
  ['a#b?c', 'GET /s?q=a%23b%3Fc&d=1'],
  ['a;admin=1', 'GET /s?q=a%3Badmin%3D1&d=1'],
  ['%26admin=1+1', 'GET /s?q=%2526admin%3D1%2B1&d=1'],
  [
    ' HTTP/1.1\r\nHost: evil.example\r\n\r\nGET /admin',
    'GET /s?q=%20HTTP%2F1.1%0D%0AHost%3A%20evil.example%0D%0A%0D%0AGET%20%2Fadmin&d=1',
  ],
  ['{{EARTH_DATE}}', 'GET /s?q=%7B%7BEARTH_DATE%7D%7D&d=1'],
  ['ref7f3a90c2d4b15e69n0e', 'GET /s?q=ref7f3a90c2d4b15e69n0e&d=1'],
  ['slot0e $& $1', 'GET /s?q=slot0e%20%24%26%20%241&d=1'],
]

describe('in the query of a URL, an argument', () => {
  it.each(inQuery)('%j reaches the server as %j', (q, sent, told) =>
    expectRow('http://wire.test/s?q=$[q]&d=1', q, sent, told),
  )
})

const inFields: readonly [request: string, ...row: Row][] = [
  ['url: http://wire.test/v1\npath: /users/$[q]', '../../admin', null, dots],
  ['url: http://wire.test/v1\npath: /users/$[q]', '?admin=1#', 'GET /v1/users/%3Fadmin%3D1%23'],
  ['url: http://wire.test/v1\npath: $[q]', '//evil.example/x', 'GET /v1//evil.example/x'],
  ['url: http://wire.test\npath: $[q]', '@evil.example', 'GET /%40evil.example'],
  ['url: http://wire.test/v1\npath: [users, $[q]]', '../admin', 'GET /v1/users/..%2Fadmin'],
  ['url: http://wire.test/v1\npath: [users, $[q]]', '..', null, 'The path of the URL contains . or .. as a segment.'],
  ['url: http://wire.test/v1\nquery: {q: $[q]}', 'a&admin=1#', 'GET /v1?q=a%26admin%3D1%23'],
  ['url: http://wire.test/v1\nquery: {q: $[q], d: 1}', 'a\r\nX-Evil: 1', 'GET /v1?q=a%0D%0AX-Evil%3A+1&d=1'],
  ['url: http://wire.test/v1\nquery: [[q, $[q]]]', '], [admin, 1', 'GET /v1?q=%5D%2C+%5Badmin%2C+1'],
  [
    'url: http://wire.test/v1\nmethod: $[q]',
    'DELETE /admin HTTP/1.1\r\nX: ',
    null,
    'The method "DELETE /ADMIN HTTP/1.1\\r\\nX: " is not one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS.',
  ],
  ['http://wire.test$[q]', '@evil.example/', null, misfit],
  ['http://wire.test$[q]', '.evil.example', null, misfit],
  ['http://wire.test$[q]', '//evil.example', 'GET //evil.example'],
  ['http://127.0.0.1:$[q]/', '80@evil.example', null, misfit],
  ['http://127.0.0.1:$[q]/', '22', null, 'Port 22 of 127.0.0.1 is blocked, as it is in browsers.'],
  ['http://$[q].test/', 'evil.example/', null, misfit],
  ['$[q]', 'file:///etc/passwd', null, 'The URL begins with file: and only http: and https: are allowed.'],
  [
    '$[q]',
    'http://user:pass@wire.test/',
    null,
    'The URL holds a user name or password; credentials belong in the header authorization.',
  ],
  ['$[q]', 'http://wire.test/a b/../c', null, 'The path of the URL contains . or .. as a segment.'],
  [
    '$[q]',
    'http://wire.test/\r\nX-Evil: 1',
    null,
    'The URL is not valid: write a complete one, such as https://example.com/path.',
  ],
  [
    '$[q]',
    'http://169.254.169.254/latest/meta-data',
    null,
    'The address 169.254.169.254 is not public (link-local). The setting FETCH_ALLOW of the server opens internal hosts.',
  ],
  [
    '$[q]',
    'http://2130706433/',
    null,
    'The address 127.0.0.1 is not public (loopback). The setting FETCH_ALLOW of the server opens internal hosts.',
  ],
  [
    '$[q]',
    'POST http://wire.test/\nX-Evil: 1\n\nbody',
    null,
    'The URL is not valid: write a complete one, such as https://example.com/path.',
  ],
]

describe('in its place of a request, an argument', () => {
  it.each(inFields)('%j takes %j to %j', expectRow)
})
