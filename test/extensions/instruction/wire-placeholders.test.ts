import { describe, it } from 'vitest'
import { block, expectWire, type WireCase } from './wire-case.ts'

const text = { type: 'string' }
const number = { type: 'number' }
const x = { x: text }

/** `[placeholder, schema of x, whether it is required]`, each in a query and in a JSON body. */
const spellings: readonly (readonly [string, Readonly<Record<string, unknown>>, boolean])[] = [
  ['$[x]', text, false],
  ['[[x]]', text, false],
  ['$(x)', text, false],
  ['((x))', text, false],
  ['${x}', text, false],
  ['{{x}}', text, false],
  ['$[x!]', text, true],
  ['[[!x]]', text, true],
  ['$[ ?x! trim ]', text, true],
  ['$[x|What it is]', { type: 'string', description: 'What it is' }, false],
  ['{{x!: What it is}}', { type: 'string', description: 'What it is' }, true],
  ['((x! format<YYYY>|the (old) [one]))', { type: 'string', description: 'the (old) [one] (format: YYYY)' }, true],
]

describe('a placeholder written', () => {
  it.each(spellings)('%s', async (written, schema, isRequired) => {
    await expectWire({
      title: written,
      instruction: block(`POST http://wire.test/a?x=${written}\n\n{"x": "${written}"}`),
      args: { x: 'a b' },
      properties: { x: schema },
      required: isRequired ? ['x'] : [],
      sent: 'POST /a?x=a%20b\ncontent-type: application/json\n\n{"x":"a b"}',
    })
  })
})

/** `[placeholder, argument, what is sent]` in a body of plain text. */
const operands: readonly (readonly [string, unknown, string])[] = [
  ['$[x ys]', 'a "b"\n', '"a \\"b\\"\\n"'],
  ['$[x js]', 'a "b"', '"a \\"b\\""'],
  ['$[x j]', '{"a": [1, 2]}', '{"a":[1,2]}'],
  ['$[x y]', '[true, null]', '[true,null]'],
  ['$[x euc]', 'a/b c&é', 'a%2Fb%20c%26%C3%A9'],
  ['$[x dq]', 'a "b"', '"a \\"b\\""'],
  ['$[x sq]', "it's", "'it\\'s'"],
  ['"$[x edq]"', 'a "b"', '"a \\"b\\""'],
  ["'$[x esq]'", "it's", "'it\\'s'"],
  ['$[x rn]', 'a\r\nb\u2028c', 'a b c'],
  ['<$[x trim]>', '  a  ', '<a>'],
  ['$[x lower]', 'AbC', 'abc'],
  ['$[x upper]', 'AbC', 'ABC'],
  ['$[x trim, upper, dq]', ' a ', '"A"'],
  ['$[x sanitize<[^a-z]>]', 'a1-b\n', 'ab'],
  ['<$[x js?]>', null, '<>'],
  ['<$[x ?js]>', 'a', '<"a">'],
]

describe('an operand does its work on the wire', () => {
  it.each(operands)('%s of %j', async (written, argument, body) => {
    await expectWire({
      title: written,
      instruction: block(`POST http://wire.test/a\n\n> ${written}`),
      args: { x: argument },
      properties: x,
      sent: `POST /a\n\n> ${body}`,
    })
  })
})

const rules: readonly WireCase[] = [
  {
    title: 'numbers and booleans, also when the model gives them as text',
    instruction: block('url: http://wire.test/a\nbody: {n: $[n! number], m: $[m num], b: $[b boolean], c: $[c bool]}'),
    args: { n: '12.5', m: -1e3, b: 'true', c: false },
    properties: { n: number, m: number, b: { type: 'boolean' }, c: { type: 'boolean' } },
    required: ['n'],
    sent: 'POST /a\ncontent-type: application/json\n\n{"n":12.5,"m":-1000,"b":true,"c":false}',
  },
  {
    title: 'defaults where the model gives nothing, or null',
    instruction: block(
      'http://wire.test/a?n=$[n number default<10>]&s=$[s default(John Doe)]&b=$[b boolean default[false]]&c=$[c default{Sofia}]',
    ),
    args: { n: null },
    properties: {
      n: { type: 'number', default: 10 },
      s: { type: 'string', default: 'John Doe' },
      b: { type: 'boolean', default: false },
      c: { type: 'string', default: 'Sofia' },
    },
    sent: 'GET /a?n=10&s=John%20Doe&b=false&c=Sofia',
  },
  {
    title: 'no other value than those of an enum',
    instruction: block('http://wire.test/a?u=$[u! enum<metric, imperial> default<metric>]'),
    args: { u: 'metric&admin=1' },
    properties: { u: { type: 'string', default: 'metric', enum: ['metric', 'imperial'] } },
    required: ['u'],
    sent: null,
    told: 'The field "u" takes one of "metric", "imperial".',
  },
  {
    title: 'no smaller number than its min',
    instruction: block('http://wire.test/a?n=$[n number min<1> max<9>]'),
    args: { n: 0 },
    properties: { n: { type: 'number', minimum: 1, maximum: 9 } },
    sent: null,
    told: 'The field "n" takes at least 1.',
  },
  {
    title: 'no longer text than its max',
    instruction: block('http://wire.test/a?s=$[s min<1> max<3>]'),
    args: { s: 'abcd' },
    properties: { s: { type: 'string', minLength: 1, maxLength: 3 } },
    sent: null,
    told: 'The field "s" takes at most 3 characters.',
  },
  {
    title: 'nothing at all without a required value',
    instruction: block('http://wire.test/a?q=$[q!]&r=$[r]'),
    args: { r: 'r' },
    properties: { q: text, r: text },
    required: ['q'],
    sent: null,
    told: 'Required field "q" missing in the input.',
  },
  {
    title: 'a hidden value from its default only, whatever the model says',
    instruction: block('http://wire.test/a?k=$[_k default<mine>]&l=$[l local default<own>]&x=$[x]'),
    args: { _k: 'theirs', l: 'theirs', x: 'x', y: 'not a field' },
    properties: x,
    sent: 'GET /a?k=mine&l=own&x=x',
  },
  {
    title: 'one parameter for all places, each with its own operands',
    instruction: block(
      'url: http://wire.test/$[x! lower|The name]/$[x]\nheaders: {X-Up: $[x upper]}\nbody: {a: $[x], b: "$[x lower]!"}',
    ),
    args: { x: 'Ab' },
    properties: { x: { type: 'string', description: 'The name' } },
    required: ['x'],
    sent: 'POST /ab/Ab\nx-up: AB\ncontent-type: application/json\n\n{"a":"Ab","b":"ab!"}',
  },
  {
    title: 'what looks like a placeholder and is none as it stands',
    instruction: block('POST http://wire.test/a?price=$5&x=$[x]\n\n$ [x] {x} $x [[1, 2]] $(".x") $[x]'),
    args: { x: '1' },
    properties: x,
    sent: 'POST /a?price=$5&x=1\n\n$ [x] {x} $x [[1, 2]] $(".x") 1',
  },
]

describe('the server sees', () => {
  it.each(rules)('$title', expectWire)
})
