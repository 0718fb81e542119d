import { describe, expect, it } from 'vitest'
import { compileAbility } from '../../../src/extensions/ability/ability.ts'
import { block, expectWire, type WireCase } from './wire-case.ts'

/** `[argument, the same as JSON writes it]` */
const asJson: readonly (readonly [argument: string, written: string])[] = [
  ['", "admin": true, "b": "', '"\\", \\"admin\\": true, \\"b\\": \\""'],
  ['"}, "admin": {"a": "', '"\\"}, \\"admin\\": {\\"a\\": \\""'],
  ['\\', '"\\\\"'],
  ['\\", "admin": true, "b": "', '"\\\\\\", \\"admin\\": true, \\"b\\": \\""'],
  ["'", '"\'"'],
  ['": x\nheaders: {A: b}', '"\\": x\\nheaders: {A: b}"'],
  ['x\nadmin: true', '"x\\nadmin: true"'],
  ['x\n  admin: true', '"x\\n  admin: true"'],
  ['x: y', '"x: y"'],
  ['- x', '"- x"'],
  ['x # y', '"x # y"'],
  ['!fetch {url: http://evil.example}', '"!fetch {url: http://evil.example}"'],
  ['!reference SECRET_PLAIN', '"!reference SECRET_PLAIN"'],
  ['!!js/function x', '"!!js/function x"'],
  ['&a', '"&a"'],
  ['*a', '"*a"'],
  ['<<: *a', '"<<: *a"'],
  ['|\n  x', '"|\\n  x"'],
  ['>-', '">-"'],
  ['\t- x\t', '"\\t- x\\t"'],
  ['---\nurl: http://evil.example', '"---\\nurl: http://evil.example"'],
  ['```\n```fetch\nhttp://evil.example', '"```\\n```fetch\\nhttp://evil.example"'],
  ['{"a": 1}', '"{\\"a\\": 1}"'],
  ['[1]', '"[1]"'],
  ['null', '"null"'],
  ['1e400', '"1e400"'],
  ['~', '"~"'],
  ['$[q]', '"$[q]"'],
  ['${SECRET_DEFAULT}', '"${SECRET_DEFAULT}"'],
  ['{{SECRET_PLAIN}}', '"{{SECRET_PLAIN}}"'],
  ['{{CONTACT_NAME}}', '"{{CONTACT_NAME}}"'],
  ['((y))', '"((y))"'],
  ['ref7f3a90c2d4b15e69n0e', '"ref7f3a90c2d4b15e69n0e"'],
  ['slot0e slot1e', '"slot0e slot1e"'],
  ['\u2028\u2029\u0085', '"\u2028\u2029\u0085"'],
  ['half \ud83d', '"half \\ud83d"'],
  ['a\0b', '"a\\u0000b"'],
  ['\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n', '"\\r\\n0\\r\\n\\r\\nGET /admin HTTP/1.1\\r\\n"'],
  ['__proto__', '"__proto__"'],
]

const forms = [
  'url: http://wire.test/a\nauthorization: ${SECRET_DEFAULT}\nbody:\n  q: $[q]\n  z: 1',
  'url: http://wire.test/a\nauthorization: ${SECRET_DEFAULT}\nbody: {"q": "$[q edq]", "z": 1}',
  'url: http://wire.test/a\nauthorization: ${SECRET_DEFAULT}\nbody: \'{"q": "$[q]", "z": 1}\'',
  'POST http://wire.test/a\nAuthorization: ${SECRET_DEFAULT}\n\n{"q": "$[q]", "z": 1}',
  'POST http://wire.test/a\nAuthorization: ${SECRET_DEFAULT}\n\n{"q": $[q js], "z": 1}',
]

describe.each(forms)('in the JSON of %j', (request) => {
  it.each(asJson)('%j is the text %s', async (q, written) => {
    await expectWire({
      title: q,
      instruction: block(request),
      args: { q },
      properties: { q: { type: 'string' } },
      sent: `POST /a\nauthorization: Bearer sk-live-9Zk2\ncontent-type: application/json\n\n{"q":${written},"z":1}`,
    })
  })
})

const asForm: readonly (readonly [argument: string, written: string])[] = [
  ['a&admin=1', 'a%26admin%3D1'],
  ['a;admin=1', 'a%3Badmin%3D1'],
  ['%26admin=1', '%2526admin%3D1'],
  ['a\r\n\r\nGET /admin', 'a%0D%0A%0D%0AGET%20%2Fadmin'],
  ['a=b#c', 'a%3Db%23c'],
  ['half \ud83d\0', 'half%20%EF%BF%BD%00'],
  ['${SECRET_DEFAULT}+{{q}}', '%24%7BSECRET_DEFAULT%7D%2B%7B%7Bq%7D%7D'],
]

describe('in a form', () => {
  const head = 'application/x-www-form-urlencoded'
  it.each(asForm)('%j as text is sent as %s', async (q, written) => {
    await expectWire({
      title: q,
      instruction: block(`POST http://wire.test/f\nContent-Type: ${head}; charset=utf-8\n\nq=$[q]&z=1`),
      args: { q },
      properties: { q: { type: 'string' } },
      sent: `POST /f\ncontent-type: ${head}; charset=utf-8\n\nq=${written}&z=1`,
    })
  })

  it.each(asForm)('%j of an object is sent as %s, its blanks as +', async (q, written) => {
    await expectWire({
      title: q,
      instruction: block(`url: http://wire.test/f\nheaders: {Content-Type: ${head}}\nbody: {q: $[q], z: 1}`),
      args: { q },
      properties: { q: { type: 'string' } },
      sent: `POST /f\ncontent-type: ${head}\n\nq=${written.replaceAll('%20', '+')}&z=1`,
    })
  })
})

const others: readonly WireCase[] = [
  {
    title: 'an object that the model brings instead of a text is text',
    instruction: block('url: http://wire.test/a\nbody: {q: $[q], z: 1}'),
    args: { q: { admin: true } },
    properties: { q: { type: 'string' } },
    sent: 'POST /a\ncontent-type: application/json\n\n{"q":"{\\"admin\\":true}","z":1}',
  },
  {
    title: 'JSON that an operand asks for stays in its field',
    instruction: block('url: http://wire.test/a\nbody: {q: $[q j], z: 1}'),
    args: { q: '{"${SECRET_DEFAULT}": ["$[q]"], "z": 2, "a?": ""}' },
    properties: { q: { type: 'string' } },
    sent: 'POST /a\ncontent-type: application/json\n\n{"q":{"${SECRET_DEFAULT}":["$[q]"],"z":2},"z":1}',
  },
  {
    title: 'JSON that is broken is not sent',
    instruction: block('url: http://wire.test/a\nbody: {q: $[q j]}'),
    args: { q: '{"a": 1}, "admin": true' },
    properties: { q: { type: 'string' } },
    sent: null,
    told: 'The field "q" takes JSON.',
  },
  {
    title: 'a body of YAML quotes what would be more than text',
    instruction: block('url: http://wire.test/a\nheaders: {content-type: application/yaml}\nbody: {q: $[q], z: 1}'),
    args: { q: '*a\nadmin: true' },
    properties: { q: { type: 'string' } },
    sent: 'POST /a\ncontent-type: application/yaml\n\nq: |-\n  *a\n  admin: true\nz: 1\n',
  },
  {
    title: 'JSON that is sent as text is JSON all the same',
    instruction: block('POST http://wire.test/a\nContent-Type: text/plain\n\n{"q": "say $[q]", "z": $[q js]}'),
    args: { q: '", "admin": "' },
    properties: { q: { type: 'string' } },
    sent: 'POST /a\ncontent-type: text/plain\n\n{"q":"say \\", \\"admin\\": \\"","z":"\\", \\"admin\\": \\""}',
  },
  {
    title: 'a number is no place for JSON',
    instruction: block('POST http://wire.test/a\n\n{"n": $[n number], "z": 1}'),
    args: { n: '1, "admin": true' },
    properties: { n: { type: 'number' } },
    sent: null,
    told: 'The field "n" takes a number.',
  },
  {
    title: 'arguments that no placeholder names are nowhere',
    instruction: block('url: http://wire.test/a\nquery: {q: $[q]}'),
    args: { q: '1', url: 'http://evil.example', headers: { A: 'b' }, body: 'x', method: 'DELETE', slot0e: 'y' },
    properties: { q: { type: 'string' } },
    sent: 'GET /a?q=1',
  },
]

describe('JSON in which no argument can be kept in its place is refused before any call', () => {
  it.each([
    ['{"$[key]": 1}', 'A placeholder or a list stands where a key of the YAML belongs; only values can be filled.'],
    ['{"a": 1, "a": "$[q]"}', 'The YAML cannot be read at line 1: Map keys must be unique'],
    ['{"a": 1} {"a": "$[q]"}', 'The YAML cannot be read at line 1: Unexpected flow-map-start token'],
  ])('%s', (body, fault) => {
    const instruction = block(`POST http://wire.test/a\nContent-Type: application/json; charset=utf-8\n\n${body}`)
    expect(compileAbility({ name: 'a', description: 'Asks the server', instruction })).toEqual({
      kind: 'refused',
      message: `The content type of the body is JSON, but the body cannot be filled as JSON: ${fault}`,
    })
  })
})

describe('whatever the model brings,', () => {
  it.each(others)('$title', expectWire)

  it('a hundred thousand characters are sent whole', async () => {
    const q = '"\n'.repeat(50_000)
    await expectWire({
      title: 'long',
      instruction: block('POST http://wire.test/a\nContent-Type: text/plain\n\n<$[q]>'),
      args: { q },
      properties: { q: { type: 'string' } },
      sent: `POST /a\ncontent-type: text/plain\n\n<${q}>`,
    })
  })
})
