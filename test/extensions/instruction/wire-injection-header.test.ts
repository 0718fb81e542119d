import { describe, it } from 'vitest'
import { block, expectWire } from './wire-case.ts'

const lineBreak = 'The field "q" takes no line break in a header.'
const uncarried = 'The header x-note holds a line break or a character that headers cannot carry.'
const requests = [
  'url: http://wire.test/a\nheaders:\n  Authorization: ${SECRET_DEFAULT}\n  X-Note: $[q]',
  'GET http://wire.test/a\nAuthorization: ${SECRET_DEFAULT}\nX-Note: $[q]',
  '{"url": "http://wire.test/a", "headers": {"Authorization": "{{SECRET_DEFAULT}}", "X-Note": "$[q]"}}',
]
const long = 'x'.repeat(20_000)

/** `[argument, value of the header]`, or null and what the model is told. */
const arguments_: readonly [argument: string, value: string | null, told?: string][] = [
  ['a\r\nX-Evil: 1', null, lineBreak],
  ['a\nX-Evil: 1', null, lineBreak],
  ['a\rX-Evil: 1', null, lineBreak],
  ['a\n\nbody', null, lineBreak],
  ['a\r\n X-Folded', null, lineBreak],
  ['a\0b', null, lineBreak],
  ['a\u2028X-Evil: 1', null, uncarried],
  ['a\u560d\u560aX-Evil: 1', null, uncarried],
  ['half \ud83d', null, uncarried],
  ['a\u0001b', null, uncarried],
  ['a\u0085b', 'a\u0085b'],
  ['a\tb', 'a\tb'],
  ['%0d%0aX-Evil: 1', '%0d%0aX-Evil: 1'],
  ['\\r\\nX-Evil: 1', '\\r\\nX-Evil: 1'],
  ['${SECRET_DEFAULT}', '${SECRET_DEFAULT}'],
  ['{{SECRET_PLAIN}}', '{{SECRET_PLAIN}}'],
  ['$[q] ((y)) {{CONTACT_NAME}}', '$[q] ((y)) {{CONTACT_NAME}}'],
  ['!reference SECRET_PLAIN', '!reference SECRET_PLAIN'],
  ['ref7f3a90c2d4b15e69n0e', 'ref7f3a90c2d4b15e69n0e'],
  ['", "Cookie": "a', '", "Cookie": "a'],
  ['": x\\nheaders: {A: b}', '": x\\nheaders: {A: b}'],
]

describe.each(requests)('in a header of %j, beside a secret', (request) => {
  it.each(arguments_)('%j is sent as %j', async (q, value, told) => {
    await expectWire({
      title: q,
      instruction: block(request),
      args: { q },
      properties: { q: { type: 'string' } },
      sent: value === null ? null : `GET /a\nauthorization: Bearer sk-live-9Zk2\nx-note: ${value}`,
      ...(told !== undefined && { told }),
    })
  })
})

describe('a header', () => {
  it('of twenty thousand characters does not reach the handler of a server that takes less', async () => {
    await expectWire({
      title: 'long',
      instruction: block('GET http://wire.test/a\nX-Note: $[q]'),
      args: { q: long },
      properties: { q: { type: 'string' } },
      sent: null,
      told: 'Status code: 431',
    })
  })

  it('with a secret takes no line break that the model brings, and no second secret', async () => {
    const wire = {
      title: 'token',
      instruction: block('GET http://wire.test/a\nX-Key: $[q] ${SECRET_PLAIN}'),
      properties: { q: { type: 'string' } },
    }
    await expectWire({ ...wire, args: { q: 'a\r\nX-Evil:' }, sent: null, told: lineBreak })
    await expectWire({
      ...wire,
      args: { q: '${SECRET_OTHER}' },
      sent: 'GET /a\nx-key: ${SECRET_OTHER} plain-7Q+/x',
    })
  })

  it('of an optional value that is empty is not there, whatever else is asked', async () => {
    await expectWire({
      title: 'optional',
      instruction: block('url: http://wire.test/a\nheaders: {"X-Note?": $[q], X-Rn: $[r rn]}'),
      args: { r: 'a\r\nX-Evil: 1' },
      properties: { q: { type: 'string' }, r: { type: 'string' } },
      sent: 'GET /a\nx-rn: a X-Evil: 1',
    })
  })
})
