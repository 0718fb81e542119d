import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Filled, fillInstruction } from '../../../src/extensions/instruction/fill.ts'
import { compileInstruction } from '../../../src/extensions/instruction/instruction.ts'
import { resolveReferences } from '../../../src/extensions/instruction/reference.ts'
import { anyText } from '../../fuzz/any-text.ts'

const curly = (name: string) => `$\{${name}}`
const fetch = (text: string) => `\`\`\`fetch\n${text}\n\`\`\``
const references = { CONTACT_NAME: `Ann $[q] ${curly('SECRET_KEY')}` }

function fill(instruction: string, args: Record<string, unknown>): Filled {
  const result = compileInstruction(instruction)
  if (result.kind === 'refused') throw new Error(result.message)
  return fillInstruction(result.instruction, args, { references, nonce: () => 'NONCE' })
}

/** What could be more than text to something on the way. */
const attacks = [
  ...['$[q]', '[[q]]', '$(q)', '((q))', '{{q}}', curly('q'), '$[q! j]'],
  ...[curly('SECRET_KEY'), '{{SECRET_KEY}}', curly('CONTACT_NAME'), '{{ EARTH_DATE }}', '!reference SECRET_KEY'],
  ...[
    'a\nadmin: true',
    'a: b',
    '- a',
    '# a',
    '&a *a',
    '!!js/function x',
    '{"a": 1}',
    '[1]',
    '"',
    "'",
    '\\',
    '\\"',
    '|\n  a',
    '>-',
  ],
  ...[
    '---\nurl: https://evil',
    '"}\nheaders:\n  X: 1',
    '", "admin": true, "b": "',
    '\u0085a',
    '\u2028a',
    '\0',
    '\ud800',
  ],
  ...['a\r\nX-Evil: 1', 'a\nX-Evil: 1', 'a\r\n\r\nbody', ' HTTP/1.1\r\nHost: evil', '```\n```fetch\nhttps://evil'],
  ...['slot0e', 'slot1e', 'refn0e', 'ref0', '__proto__', 'constructor', 'null', 'true', '~', '1e400', 'NaN'],
  ...['@evil.com', 'a&admin=1', 'a#b', 'a?b', 'a;b', '%0d%0a', '%2e%2e', '$&', "$'", '$1', '$$'],
]

const places: readonly (readonly [place: string, instruction: string, at: (value: never) => unknown])[] = [
  ['a YAML value', 'url: https://h\nbody:\n  q: $[q]', ({ body }: { body: { q: string } }) => body.q],
  ['a YAML value with ys', 'url: https://h\nbody:\n  q: $[q ys]', ({ body }: { body: { q: string } }) => body.q],
  ['a value in double quotes', 'url: https://h\nbody: {q: "$[q edq]"}', ({ body }: { body: { q: string } }) => body.q],
  ['a value in single quotes', "url: https://h\nbody: {q: '$[q esq]'}", ({ body }: { body: { q: string } }) => body.q],
  ['a block', 'url: https://h\nbody: |-\n  $[q]', ({ body }: { body: string }) => body],
  ['a query', 'url: https://h\nquery: {q: [[q]]}', ({ query }: { query: { q: string } }) => query.q],
  ['a JSON body', 'POST https://h\n\n{"q": "$[q]"}', ({ body }: { body: { q: string } }) => body.q],
  ['a JSON body with js', 'POST https://h\n\n{"q": $[q js]}', ({ body }: { body: { q: string } }) => body.q],
  ['JSON in YAML', 'url: https://h\nbody: \'{"q": "((q))"}\'', ({ body }: { body: { q: string } }) => body.q],
  ['a text body', 'POST https://h\n\n$[q]', ({ body }: { body: string }) => body],
  ['a tag', '', ({ body }: { body: { q: string } }) => body.q],
]

describe.each(places)('in %s, an argument stays plain text', (_place, written, at) => {
  const instruction = written === '' ? '!fetch\nurl: https://h\nbody:\n  q: !string' : fetch(written)

  it.each(attacks)('%j', (q) => {
    const filled = fill(instruction, { q })
    expect(filled).toMatchObject({ kind: 'filled', tokens: new Map() })
    if (filled.kind === 'filled') expect(at(filled.value as never)).toBe(q)
  })
})

describe('in the query or path of a URL, an argument stays in its part', () => {
  it.each(attacks)('%j', (q) => {
    const filled = fill(fetch('https://h.com/a/$[q! euc]/c?q=$[q]&d=1#e'), { q })
    if (filled.kind === 'refused') throw new Error(filled.message)
    const url = new URL((filled.value as { url: string }).url)
    expect([url.host, url.hash, url.searchParams.get('d')]).toEqual(['h.com', '#e', '1'])
    expect([...url.searchParams.keys()]).toEqual(['q', 'd'])
    expect(url.searchParams.get('q')).toBe(q.toWellFormed())
    expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', q.toWellFormed(), 'c'])
  })
})

describe('a value that cannot be kept in its place is refused', () => {
  const dots = 'After filling, the path of the URL contains . or .. as a segment.'
  const misfit = 'The field "q" does not fit into the URL where it stands.'
  const lineBreak = 'The field "q" takes no line break in a header.'
  it.each([
    ['https://h/a/$[q euc]/c', '..', dots],
    ['https://h/a/$[q euc]', '.', dots],
    ['https://h/a/$[q]', '../../admin', dots],
    ['https://h/a/$[q]', 'b/../../admin', dots],
    ['https://h/a/.$[q]', '.', dots],
    ['https://h/a/$[q]$[q]/b', '.', dots],
    ['https://h/a/%2e$[q]/b', '.', dots],
    ['url: https://h\npath: /a/$[q]', '../admin', dots],
    ['https://h/users/$[q! euc]', '', misfit],
    ['https://$[q].h.com/', 'evil.com/', misfit],
    ['https://$[q].h.com/', 'evil.com#', misfit],
    ['https://$[q].h.com/', 'evil.com?', misfit],
    ['https://$[q].h.com/', 'evil.com\\', misfit],
    ['https://$[q].h.com/', 'a@evil.com/', misfit],
    ['https://$[q euc].h.com/', 'evil.com/', misfit],
    ['https://$[q].h.com/', '', misfit],
    ['https://h.com$[q]', '.evil.com', misfit],
    ['https://h.com$[q]', '@evil.com', misfit],
    ['https://h.com$[q]', ':pass@evil.com', misfit],
    ['https://h.com:$[q]/', '80@evil.com', misfit],
    ['url: https://h\nheaders: {X: $[q]}', 'a\r\nX-Evil: 1', lineBreak],
    ['url: https://h\nheaders: {X: $[q ys]}', 'a\nX-Evil: 1', lineBreak],
    ['url: https://h\nauthorization: Bearer $[q]', 'a\rb', lineBreak],
    ['GET https://h\nX: $[q]', 'a\n\nbody', lineBreak],
  ])('%s of %j', (written, q, message) => {
    expect(fill(fetch(written), { q })).toEqual({ kind: 'refused', message })
  })

  test('a line break that an operand removes is harmless', () => {
    expect(fill(fetch('GET https://h\nX: $[q rn]'), { q: 'a\r\nb' })).toMatchObject({
      value: { headers: { X: 'a b' } },
    })
  })
})

describe('only the references of the instruction are resolved', () => {
  test('and only once: their values are plain text', () => {
    const filled = fill(`\`\`\`echo\n${curly('CONTACT_NAME')} said $[q]\n\`\`\``, { q: curly('CONTACT_NAME') })
    if (filled.kind === 'refused') throw new Error(filled.message)
    expect(filled.value).toBe(`refNONCEn0e said ${curly('CONTACT_NAME')}`)
    expect(resolveReferences(filled.value, filled.tokens, references)).toEqual({
      kind: 'resolved',
      value: `Ann $[q] ${curly('SECRET_KEY')} said ${curly('CONTACT_NAME')}`,
    })
  })

  test('in values but not in keys; a reference without a value is empty', () => {
    const tokens = new Map([
      ['refAn0e', 'CONTACT_NAME'],
      ['refAn1e', 'CONTACT_PHONE'],
      ['refAn2e', 'constructor'],
    ])
    expect(resolveReferences({ refAn0e: ['refAn1e', 'refAn2e', 1, null] }, tokens, references)).toEqual({
      kind: 'resolved',
      value: { refAn0e: ['', '', 1, null] },
    })
  })

  test('and a secret is refused by name', () => {
    expect(resolveReferences({ a: 'x refAn0e' }, new Map([['refAn0e', 'SECRET_KEY']]), { SECRET_KEY: 'no' })).toEqual({
      kind: 'refused',
      message:
        'SECRET_KEY is used in a place that takes no secret: secrets are filled into the header values of a fetch only.',
    })
  })
})

test('text in the form of our marks is not a slot', () => {
  expect(fill(fetch('url: https://h\nbody: {a: slot0e, b: $[q]}'), { q: 'slotx0e' })).toMatchObject({
    value: { body: { a: 'slot0e', b: 'slotx0e' } },
  })
})

describe('whatever the arguments are', () => {
  const text = fc.oneof(anyText(), fc.string({ unit: 'grapheme' }), fc.constantFrom(...attacks))
  const instructions = [
    fetch(
      `method: POST\nurl: https://h.com/$[a]/$[b euc]?c=$[c]\npath: /$[a]\nquery: {a: $[a], "b?": $[b ys?]}\nheaders:\n  A: Bearer ${curly('SECRET_KEY')}\n  B: $[b]$[c]\nbody: {a: "$[a edq]", b: [$[b], ((c))], c: x $[c] y ${curly('CONTACT_NAME')}}`,
    ),
    fetch(
      `POST https://h.com/$[a]/x HTTP/1.1\nA: ${curly('SECRET_KEY')}\nB: $[b]\n\n{"a": $[a js], "b": "$[b]", "c": {"d": "{{c}}"}}`,
    ),
    `!fetch\nurl: https://h.com\nheaders: {A: !reference SECRET_KEY, B: !string {name: b}}\nbody: {a: !string , c: [!string {name: c, optional: true}]}`,
  ]

  const keys = (value: unknown): unknown =>
    typeof value !== 'object' || value === null ? null : Object.entries(value).map(([key, inner]) => [key, keys(inner)])

  it.each(instructions)(
    'the request keeps its keys, headers and host, and no token is left over: %#',
    (instruction) => {
      const expected = fill(instruction, { a: 'a', b: 'b', c: 'c' })
      if (expected.kind === 'refused') throw new Error(expected.message)
      let count = 0
      fc.assert(
        fc.property(text, text, text, (a, b, c) => {
          const filled = fill(instruction, { a, b, c })
          if (filled.kind === 'refused') {
            expect(filled.message).toMatch(/line break|fit into|as a segment/)
            return
          }
          count += 1
          expect(keys(filled.value)).toEqual(keys(expected.value))
          expect(filled.tokens).toEqual(expected.tokens)
          const { headers, url, ...rest } = filled.value as { headers: Record<string, string>; url: string }
          expect(headers['A']).toBe((expected.value as { headers: Record<string, string> }).headers['A'])
          expect(new URL(url).host).toBe('h.com')
          const resolved = resolveReferences(rest, filled.tokens, { CONTACT_NAME: 'Ann' })
          expect(resolved.kind).toBe('resolved')
          expect(JSON.stringify(resolved)).not.toContain('NONCE')
        }),
        { numRuns: 500 },
      )
      expect(count).toBeGreaterThan(150)
    },
  )
})
