import { describe, it } from 'vitest'
import { block, expectWire, type WireCase } from './wire-case.ts'

const text = { type: 'string' }
const number = { type: 'number' }

const addresses: readonly WireCase[] = [
  {
    title: 'asks url with GET',
    instruction: block('url: http://wire.test/a?b=c'),
    sent: 'GET /a?b=c',
  },
  {
    title: 'knows uri as well, and a method in small letters',
    instruction: block('uri: http://wire.test/a\nmethod: delete'),
    sent: 'DELETE /a',
  },
  {
    title: 'lets the model choose among methods',
    instruction: block('url: http://wire.test/a\nmethod: $[method! enum<GET,DELETE>]'),
    args: { method: 'DELETE' },
    properties: { method: { type: 'string', enum: ['GET', 'DELETE'] } },
    required: ['method'],
    sent: 'DELETE /a',
  },
  {
    title: 'adds a path that is a text, before the query of the url',
    instruction: block('url: http://wire.test/v1/?key=1\npath: /users/$[id]/posts'),
    args: { id: 'a b/c' },
    properties: { id: text },
    sent: 'GET /v1/users/a%20b/c/posts?key=1',
  },
  {
    title: 'adds a path that is a list, each item one segment',
    instruction: block('url: http://wire.test/v1\npath: [users, $[id], 7, "$[name]"]'),
    args: { id: 'a b/c', name: 'é?' },
    properties: { id: text, name: text },
    sent: 'GET /v1/users/a%20b%2Fc/7/%C3%A9%3F',
  },
  {
    title: 'adds a query that is an object, whose lists repeat their name',
    instruction: block(
      'url: http://wire.test/a?x=1\nquery:\n  q: $[q ys]\n  tag: [one, $[tag]]\n  n: 2\n  yes: true\n  none: null',
    ),
    args: { q: 'a&b=c d', tag: 't/u' },
    properties: { q: text, tag: text },
    sent: 'GET /a?x=1&q=a%26b%3Dc+d&tag=one&tag=t%2Fu&n=2&yes=true',
  },
  {
    title: 'adds a query that is a list of objects and pairs',
    instruction: block('url: http://wire.test/a\nquery:\n  - {a: 1, b: $[b]}\n  - [c, "d e"]\n  - [a, 2]'),
    args: { b: 'x' },
    properties: { b: text },
    sent: 'GET /a?a=1&b=x&c=d+e&a=2',
  },
  {
    title: 'may be JSON',
    instruction: block(
      '{\n  "url": "http://wire.test/a",\n  "query": { "q": "$[q]" },\n  "headers": { "X-One": "1" }\n}',
    ),
    args: { q: 'ü' },
    properties: { q: text },
    sent: 'GET /a?q=%C3%BC\nx-one: 1',
  },
  {
    title: 'knows no parameter of a comment',
    instruction: block('# $[unused! number|not there]\nurl: http://wire.test/a # $[nor]'),
    sent: 'GET /a',
  },
]

const bodies: readonly WireCase[] = [
  {
    title: 'that is an object goes as JSON with POST, and keeps types',
    instruction: block(
      'url: http://wire.test/a\nbody:\n  q: $[q! ys|What]\n  n: $[n number]\n  yes: $[yes boolean]\n  as text: "$[n number]"\n  deep: [{ x: $[q] }, null, 1.5]',
    ),
    args: { q: 'say "a"\n', n: 3, yes: false },
    properties: { q: { type: 'string', description: 'What' }, n: number, yes: { type: 'boolean' } },
    required: ['q'],
    sent: 'POST /a\ncontent-type: application/json\n\n{"q":"say \\"a\\"\\n","n":3,"yes":false,"as text":"3","deep":[{"x":"say \\"a\\"\\n"},null,1.5]}',
  },
  {
    title: 'that is an object goes as a form where its type says so',
    instruction: block(
      'url: http://wire.test/a\nmethod: PUT\nheaders: {Content-Type: application/x-www-form-urlencoded}\nbody: {a: $[a], b: [1, 2], c: null, d: $[d number]}',
    ),
    args: { a: 'x y&z=1', d: 0 },
    properties: { a: text, d: number },
    sent: 'PUT /a\ncontent-type: application/x-www-form-urlencoded\n\na=x+y%26z%3D1&b=1&b=2&d=0',
  },
  {
    title: 'that is an object goes as YAML where its type says so',
    instruction: block(
      'url: http://wire.test/a\nheaders: {content-type: application/yaml}\nbody: {a: $[a], n: $[n number]}',
    ),
    args: { a: 'x: y', n: 1 },
    properties: { a: text, n: number },
    sent: 'POST /a\ncontent-type: application/yaml\n\na: "x: y"\nn: 1\n',
  },
  {
    title: 'that is an object goes as JSON where its type is another one',
    instruction: block('url: http://wire.test/a\nheaders: {content-type: application/vnd.api+json}\nbody: {a: 1}'),
    sent: 'POST /a\ncontent-type: application/vnd.api+json\n\n{"a":1}',
  },
  {
    title: 'keeps all digits of a whole number',
    instruction: block('url: http://wire.test/a\nbody: {id: 9007199254740993, low: -123456789012345678901, one: 1}'),
    sent: 'POST /a\ncontent-type: application/json\n\n{"id":9007199254740993,"low":-123456789012345678901,"one":1}',
  },
  {
    title: 'that is a list goes as JSON',
    instruction: block('url: http://wire.test/a\nmethod: PATCH\nbody: [$[a], $[b number default<2>]]'),
    args: { a: 'x' },
    properties: { a: text, b: { type: 'number', default: 2 } },
    sent: 'PATCH /a\ncontent-type: application/json\n\n["x",2]',
  },
  {
    title: 'that is a text goes as it is, without a type of its own',
    instruction: block('url: http://wire.test/a\nbody: |-\n  Dear $[name],\n  hello.'),
    args: { name: 'Ann & Co' },
    properties: { name: text },
    sent: 'POST /a\n\nDear Ann & Co,\nhello.',
  },
  {
    title: 'that is JSON as a text is filled as JSON',
    instruction: block(
      'url: http://wire.test/a\nheaders: {content-type: application/json}\nbody: \'{"q": "$[q]", "n": $[n number]}\'',
    ),
    args: { q: 'a "b" \\', n: 1 },
    properties: { q: text, n: number },
    sent: 'POST /a\ncontent-type: application/json\n\n{"q":"a \\"b\\" \\\\","n":1}',
  },
  {
    title: 'may be all JSON that the model writes',
    instruction: block('url: http://wire.test/a\nbody: $[body! j|The order as JSON]'),
    args: { body: '{"items": [{"id": 1}]}' },
    properties: { body: { type: 'string', description: 'The order as JSON' } },
    required: ['body'],
    sent: 'POST /a\ncontent-type: application/json\n\n{"items":[{"id":1}]}',
  },
  {
    title: 'goes out with no GET',
    instruction: block('url: http://wire.test/a\nmethod: GET\nheaders: {content-type: application/json}\nbody: {a: 1}'),
    sent: 'GET /a',
  },
]

const rest: readonly WireCase[] = [
  {
    title: 'has headers of text, number and boolean, and authorization as a field of its own',
    instruction: block(
      'url: http://wire.test/a\nheaders:\n  X-Text: a $[x] b\n  X-Number: 7\n  X-Yes: true\nauthorization: Token $[x]',
    ),
    args: { x: 'c' },
    properties: { x: text },
    sent: 'GET /a\nx-text: a c b\nx-number: 7\nx-yes: true\nauthorization: Token c',
  },
  {
    title: 'leaves out what ends with ? and is empty, wherever it stands',
    instruction: block(
      'url: http://wire.test/a\npath?: $[p]\nquery:\n  "q?": $[q]\n  r: $[r]\nheaders:\n  X-A?: $[q]\n  X-B: b\nbody:\n  q?: $[q]\n  n?: $[n number]\n  deep: {list?: [], map?: {}, zero?: 0, no?: false}',
    ),
    properties: { p: text, q: text, r: text, n: number },
    sent: 'POST /a?r=\nx-b: b\ncontent-type: application/json\n\n{"deep":{"zero":0,"no":false}}',
  },
  {
    title: 'takes the ? off what is filled',
    instruction: block(
      'url: http://wire.test/a\npath?: $[p]\nquery?: {"q?": $[q]}\nheaders?: {X-A?: $[q]}\nauthorization?: $[q]\nbody?: {q?: $[q], n?: $[n number]}',
    ),
    args: { p: 'x', q: 'y', n: 0 },
    properties: { p: text, q: text, n: number },
    sent: 'POST /a/x?q=y\nx-a: y\nauthorization: y\ncontent-type: application/json\n\n{"q":"y","n":0}',
  },
  {
    title: 'may ask for the words of a page',
    instruction: block('url: http://wire.test/page\noptions: {format: text}'),
    sent: 'GET /page',
    told: { data: { status: 200, body: 'Sofia\n\nIt is warm.\n\nMore' } },
  },
  {
    title: 'may ask for the words of a page with text, which the model decides',
    instruction: block('url: http://wire.test/page\noptions: {text: $[text boolean default<true>]}'),
    properties: { text: { type: 'boolean', default: true } },
    sent: 'GET /page',
    told: { data: { status: 200, body: 'Sofia\n\nIt is warm.\n\nMore' } },
  },
  {
    title: 'may ask for JSON, which a page is not',
    instruction: block('url: http://wire.test/page\noptions: {format: json}'),
    sent: 'GET /page',
    told: 'The response is not JSON.',
  },
]

describe('a request in YAML', () => {
  it.each(addresses)('$title', expectWire)
  it.each(rest)('$title', expectWire)
})

describe('a body in YAML', () => {
  it.each(bodies)('$title', expectWire)
})
