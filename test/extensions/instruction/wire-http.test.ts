import { describe, it } from 'vitest'
import { block, expectWire, type WireCase } from './wire-case.ts'

const text = { type: 'string' }

const urls: readonly WireCase[] = [
  {
    title: 'is asked with GET, as it stands',
    instruction: block('http://wire.test/weather?city=Sofia&days=3'),
    sent: 'GET /weather?city=Sofia&days=3',
  },
  {
    title: 'is taken with the lines and blanks around it, and without its fragment',
    instruction: block('\n  http://wire.test/a#top  \n'),
    sent: 'GET /a',
  },
  {
    title: 'takes a value into its query',
    instruction: block('http://wire.test/weather?city=$[city!|The city]&days=3'),
    args: { city: 'Stara Zagora & more' },
    properties: { city: { type: 'string', description: 'The city' } },
    required: ['city'],
    sent: 'GET /weather?city=Stara%20Zagora%20%26%20more&days=3',
  },
  {
    title: 'takes a value into its path, where slashes stay',
    instruction: block('http://wire.test/files/$[file!]/meta'),
    args: { file: 'a b/c.txt' },
    properties: { file: text },
    required: ['file'],
    sent: 'GET /files/a%20b/c.txt/meta',
  },
  {
    title: 'takes a value into its path as one segment with euc',
    instruction: block('http://wire.test/files/$[file! euc]/meta'),
    args: { file: 'a b/c.txt' },
    properties: { file: text },
    required: ['file'],
    sent: 'GET /files/a%20b%2Fc.txt/meta',
  },
  {
    title: 'takes a path after its host',
    instruction: block('http://wire.test$[path]'),
    args: { path: '/a b/c' },
    properties: { path: text },
    sent: 'GET /a%20b/c',
  },
  {
    title: 'may be the whole of what the model gives',
    instruction: block('$[url!|The address]'),
    args: { url: 'http://wire.test/any?x=1#y' },
    properties: { url: { type: 'string', description: 'The address' } },
    required: ['url'],
    sent: 'GET /any?x=1',
  },
  {
    title: 'has nothing where an optional value is not given',
    instruction: block('http://wire.test/a?q=$[q]&r=1'),
    properties: { q: text },
    sent: 'GET /a?q=&r=1',
  },
  {
    title: 'takes two values beside each other',
    instruction: block('http://wire.test/$[a]-$[b].json'),
    args: { a: 'é', b: 'ü' },
    properties: { a: text, b: text },
    sent: 'GET /%C3%A9-%C3%BC.json',
  },
]

const raw: readonly WireCase[] = [
  {
    title: 'has its method, its headers and no body',
    instruction: block('GET http://wire.test/a?b=c HTTP/1.1\nX-One: 1\nx-two:  two, three '),
    sent: 'GET /a?b=c\nx-one: 1\nx-two: two, three',
  },
  {
    title: 'needs no version, and may end its lines with CR LF',
    instruction: block('PUT http://wire.test/a\r\nContent-Type: text/plain\r\n\r\none\r\ntwo'),
    sent: 'PUT /a\ncontent-type: text/plain\n\none\ntwo',
  },
  {
    title: 'takes a number into its path, and has no body when none is written',
    instruction: block('DELETE http://wire.test/users/$[id! number]'),
    args: { id: 7 },
    properties: { id: { type: 'number' } },
    required: ['id'],
    sent: 'DELETE /users/7',
  },
  {
    title: 'keeps a JSON body without slots as it is written',
    instruction: block('POST http://wire.test/a\nContent-Type: application/json\n\n{ "a" : 1 }'),
    sent: 'POST /a\ncontent-type: application/json\n\n{ "a" : 1 }',
  },
  {
    title: 'fills a JSON body within its strings, and numbers as such',
    instruction: block('POST http://wire.test/a\n\n{"q": "say $[q]", "n": $[n number], "s": $[q js]}'),
    args: { q: 'a "b"', n: 3 },
    properties: { q: text, n: { type: 'number' } },
    sent: 'POST /a\ncontent-type: application/json\n\n{"q":"say a \\"b\\"","n":3,"s":"a \\"b\\""}',
  },
  {
    title: 'fills a form with encoded values',
    instruction: block(
      'POST http://wire.test/form\nContent-Type: application/x-www-form-urlencoded\n\na=$[a]&b=$[b euc]&c=1',
    ),
    args: { a: 'x y', b: 'é&' },
    properties: { a: text, b: text },
    sent: 'POST /form\ncontent-type: application/x-www-form-urlencoded\n\na=x%20y&b=%C3%A9%26&c=1',
  },
  {
    title: 'fills a body of plain text with what is given, line breaks and all',
    instruction: block('POST http://wire.test/note\nContent-Type: text/plain\n\nNote: $[note!]\n\nBye'),
    args: { note: 'one\ntwo' },
    properties: { note: text },
    required: ['note'],
    sent: 'POST /note\ncontent-type: text/plain\n\nNote: one\ntwo\n\nBye',
  },
  {
    title: 'fills GraphQL, which begins with a brace and is no JSON, as the author quotes it',
    instruction: block(
      'POST http://wire.test/graphql\nContent-Type: application/graphql\n\n{ city(name: $[name js]) { id } }',
    ),
    args: { name: 'Stara "Z"' },
    properties: { name: text },
    sent: 'POST /graphql\ncontent-type: application/graphql\n\n{ city(name: "Stara \\"Z\\"") { id } }',
  },
  {
    title: 'leaves a text that only looks like JSON as it is where its type says that it is text',
    instruction: block('POST http://wire.test/log\nContent-Type: text/plain\n\n[INFO: $[q]]'),
    args: { q: 'a, b' },
    properties: { q: text },
    sent: 'POST /log\ncontent-type: text/plain\n\n[INFO: a, b]',
  },
  {
    title: 'lets the model choose its method',
    instruction: block('$[method! enum<PUT,PATCH>] http://wire.test/a\n\n{"q": "$[q]"}'),
    args: { method: 'PATCH', q: '"' },
    properties: { method: { type: 'string', enum: ['PUT', 'PATCH'] }, q: text },
    required: ['method'],
    sent: 'PATCH /a\ncontent-type: application/json\n\n{"q":"\\""}',
  },
  {
    title: 'fills headers',
    instruction: block('GET http://wire.test/a\nX-Lang: $[lang default<bg>]; q=1\nX-Empty: $[none]'),
    properties: { lang: { type: 'string', default: 'bg' }, none: text },
    sent: 'GET /a\nx-lang: bg; q=1\nx-empty: ',
  },
  {
    title: 'leaves the body and its type out of a GET',
    instruction: block('GET http://wire.test/a\nContent-Type: application/json\nX-One: 1\n\n{"a": 1}'),
    sent: 'GET /a\nx-one: 1',
  },
  {
    title: 'leaves the body out of a HEAD, whose answer has none',
    instruction: block('HEAD http://wire.test/a\n\nbody'),
    sent: 'HEAD /a',
    told: { data: { status: 200, body: '' } },
  },
  {
    title: 'lets the client say what frames it',
    instruction: block(
      'PATCH http://wire.test/a\nHost: other.example\nContent-Length: 999\nTransfer-Encoding: chunked\nConnection: keep-alive\nContent-Type: text/plain\n\nabc',
    ),
    sent: 'PATCH /a\ncontent-type: text/plain\n\nabc',
  },
  {
    title: 'may write its own user-agent and accept',
    instruction: block('OPTIONS http://wire.test/a\nUser-Agent: Mine/1\nAccept: text/html'),
    sent: 'OPTIONS /a\naccept: text/html\nuser-agent: Mine/1',
  },
  {
    title: 'tells the model of a refusal, with what the server says',
    instruction: block('GET http://wire.test/fault?$[q]'),
    args: { q: 'a' },
    properties: { q: text },
    sent: 'GET /fault?a',
    told: `Status code: 403
{"isAnswered":true,"quoted":{"method":"GET","target":"/fault?a","rawHeaders":["host","wire.test","connection","close","accept","*/*","accept-encoding","gzip, br","user-agent","Backchannel","x-timezone","Asia/Tokyo","idempotency-key","call_1"],"body":""}}`,
  },
]

describe('every request', () => {
  it('has these headers and no others', async () => {
    await expectWire({
      title: 'all',
      instruction: block('http://wire.test/a'),
      sent: 'GET /a',
      rawHeaders: [
        ...['host', 'wire.test', 'connection', 'close', 'accept', '*/*', 'accept-encoding', 'gzip, br'],
        ...['user-agent', 'Backchannel', 'x-timezone', 'Asia/Tokyo', 'idempotency-key', 'call_1'],
      ],
    })
  })
})

describe('a bare URL', () => {
  it.each(urls)('$title', expectWire)
})

describe('raw HTTP', () => {
  it.each(raw)('$title', expectWire)
})
