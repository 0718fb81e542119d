import { describe, expect, it, test } from 'vitest'
import { compileAbility } from '../../../src/extensions/ability/ability.ts'
import { fillInstruction } from '../../../src/extensions/instruction/fill.ts'

const context = { references: { CONTACT_NAME: 'Ann & Co', CONTACT_ID: 'c1' }, nonce: () => 'NONCE' }

function compile(instruction: string) {
  const result = compileAbility({ name: 'test', description: 'What it is good for', instruction })
  if (result.kind === 'refused') throw new Error(result.message)
  return result.ability
}

function fill(instruction: string, args: Record<string, unknown>) {
  const filled = fillInstruction(compile(instruction).instruction, args, context)
  return filled.kind === 'filled' ? filled.value : filled.message
}

const echo = (text: string) => `\`\`\`echo\n${text}\n\`\`\``
const fetch = (text: string) => `\`\`\`fetch\n${text}\n\`\`\``
/** `$` with a name in curly brackets, which looks like a slip in a string that is no template. */
const curly = (name: string) => `$\{${name}}`
const text = { type: 'string' }

describe('every spelling of a placeholder is a parameter', () => {
  it.each([
    ['$[x]', { x: text }, []],
    ['[[x]]', { x: text }, []],
    ['$(x)', { x: text }, []],
    ['((x))', { x: text }, []],
    [`${curly('x')}`, { x: text }, []],
    ['{{x}}', { x: text }, []],
    ['$[x!]', { x: text }, ['x']],
    ['$[!x]', { x: text }, ['x']],
    ['$[x?]', { x: text }, []],
    ['$[??x??]', { x: text }, []],
    ['$[?x!]', { x: text }, ['x']],
    ['$[ x  trim ]', { x: text }, []],
    ['$[x|what it is]', { x: { ...text, description: 'what it is' } }, []],
    ['{{x: what it is}}', { x: { ...text, description: 'what it is' } }, []],
    ['$[x|one of [a, b]]', { x: { ...text, description: 'one of [a, b]' } }, []],
    ['((x! trim|the (old) one))', { x: { ...text, description: 'the (old) one' } }, ['x']],
    ['$[x number]', { x: { type: 'number' } }, []],
    ['$[x num min<1> max<9>]', { x: { type: 'number', minimum: 1, maximum: 9 } }, []],
    ['$[x min<1> max<9>]', { x: { ...text, minLength: 1, maxLength: 9 } }, []],
    ['$[x boolean default<false>]', { x: { type: 'boolean', default: false } }, []],
    ['$[x bool]', { x: { type: 'boolean' } }, []],
    ['$[x default(John Doe)]', { x: { ...text, default: 'John Doe' } }, []],
    ['$[x default{London}]', { x: { ...text, default: 'London' } }, []],
    ['$[x default[London]]', { x: { ...text, default: 'London' } }, []],
    ['((city default{London}))', { city: { ...text, default: 'London' } }, []],
    ['$[x number default<0>]', { x: { type: 'number', default: 0 } }, []],
    [
      '$[x! ys enum<a, b> default<a>|pick]',
      { x: { ...text, description: 'pick', default: 'a', enum: ['a', 'b'] } },
      ['x'],
    ],
    ['$[x number enum<1,2,2>]', { x: { type: 'number', enum: [1, 2] } }, []],
    ['$[x format<YYYY-MM-DD>|when]', { x: { ...text, description: 'when (format: YYYY-MM-DD)' } }, []],
    ['$[x|first] $[x!|second]', { x: { ...text, description: 'first' } }, ['x']],
    ['$[x] $[x number]', { x: { type: 'number' } }, []],
    ['$[user.name] $[a-b]', { 'user.name': text, 'a-b': text }, []],
    ['$[_x] $[#x] $[@x] $[$x] $[y local]', {}, []],
    [`${curly('SECRETS')} ${curly('CONTACT_NAME')} ${curly('city')}`, { SECRETS: text, city: text }, []],
    [
      `${curly('EARTH_DATE')}{{USER_ID}}${curly('BOT_NAME')}${curly('NAMESPACE_ID')}${curly('EXTERNAL_ID')}${curly('CONVERSATION_ID')}`,
      {},
      [],
    ],
    ['$[CONTACT_NAME]', { CONTACT_NAME: text }, []],
    ['[[1, 2], [3]] $(".x") ((", {{}} $[] {{name', {}, []],
    [`$[[x]] ${curly('{y')}}`, { x: text, y: text }, []],
  ])('%s', (written, properties, required) => {
    expect(compile(echo(written)).parameters).toEqual({
      type: 'object',
      properties,
      required,
      additionalProperties: false,
    })
  })
})

describe('every operand applies at the place of its placeholder', () => {
  it.each([
    ['<$[x]>', 'a "b"', '<a "b">'],
    ['$[x ys]', 'a "b"\n', '"a \\"b\\"\\n"'],
    ['$[x js]', 'a "b"', '"a \\"b\\""'],
    ['$[x js]', undefined, '""'],
    ['<$[x js?]>', undefined, '<>'],
    ['<$[x ?js]>', undefined, '<>'],
    ['$[x j]', '{"a": [1]}', '{"a":[1]}'],
    ['$[x y]', '[1, 2]', '[1,2]'],
    ['$[x j]', undefined, '{}'],
    ['$[x j]', 'no json', 'The field "x" takes JSON.'],
    ['$[x euc]', 'a/b c', 'a%2Fb%20c'],
    ['$[x euc]', 'half \ud83d', 'half%20%EF%BF%BD'],
    ['$[x dq]', 'a "b" \\', '"a \\"b\\" \\\\"'],
    ['$[x dq,euc]', 'a', '%22a%22'],
    ['"$[x edq]"', '"; drop \\', '"\\"; drop \\\\"'],
    ['$[x sq]', "it's", "'it\\'s'"],
    ["'$[x esq]'", '\'"', "'\\'\"'"],
    ['$[x rn]', 'a\r\n\nb', 'a b'],
    ['<$[x trim]>', ' a ', '<a>'],
    ['$[x lower] $[x upper] $[x]', 'Ab', 'ab AB Ab'],
    ['$[x sanitize<[^a-z]>]', 'a1-b', 'ab'],
    ['$[x default<d>]', undefined, 'd'],
    ['$[x default<d>]', 'given', 'given'],
    ['<$[x]>', undefined, '<>'],
    ['<$[x]>', null, '<>'],
    ['$[x! default<d>]', undefined, 'd'],
    ['$[x!]', undefined, 'Required field "x" missing in the input.'],
    ['$[x!]', '', ''],
    ['$[x number]', 0, '0'],
    ['$[x number]', '12.5', '12.5'],
    ['$[x number]', 'twelve', 'The field "x" takes a number.'],
    ['$[x boolean]', false, 'false'],
    ['$[x boolean]', 'perhaps', 'The field "x" takes a boolean.'],
    ['$[x enum<a,b>]', 'c', 'The field "x" takes one of "a", "b".'],
    ['$[x number min<2>]', 1, 'The field "x" takes at least 2.'],
    ['$[x max<2>]', 'abc', 'The field "x" takes at most 2 characters.'],
    ['$[x]', { a: 1 }, '{"a":1}'],
  ])('%s of %j', (written, x, expected) => {
    expect(fill(echo(written), x === undefined ? {} : { x })).toBe(expected)
  })

  test('a hidden field takes its default, whatever the model says', () => {
    expect(fill(echo('$[_x default<mine>] $[y local default<mine>]'), { _x: 'theirs', y: 'theirs' })).toBe('mine mine')
  })

  test('a name from the object prototype is not an argument', () => {
    expect(fill(echo('<$[constructor]$[toString]>'), {})).toBe('<>')
  })
})

describe('a request of every form', () => {
  it.each<[string, string, Record<string, unknown>, unknown]>([
    ['a bare URL', 'https://example.com/a', {}, { url: 'https://example.com/a' }],
    ['a URL that is the argument', '$[url! ys]', { url: 'http://h/?a=1&b=2#c' }, { url: 'http://h/?a=1&b=2#c' }],
    ['JSON without a space', '{"url":"https://h/"}', {}, { url: 'https://h/' }],
    ['a value in the query', 'https://h/?q=$[q]', { q: 'a&b=c#d' }, { url: 'https://h/?q=a%26b%3Dc%23d' }],
    ['a path that keeps its slashes', 'https://h/$[p]', { p: 'a/b ?c' }, { url: 'https://h/a/b%20%3Fc' }],
    ['one part of a path', 'https://h/$[p! euc]/x', { p: 'a/b' }, { url: 'https://h/a%2Fb/x' }],
    ['a path after the host', 'https://h.com$[p]', { p: '/a/b' }, { url: 'https://h.com/a/b' }],
    ['a label of the host', 'https://((s!)).h.com/', { s: 'acme-1' }, { url: 'https://acme-1.h.com/' }],
    ['a port', 'https://h.com:$[p number]/', { p: 8443 }, { url: 'https://h.com:8443/' }],
    [
      'a reference with operands',
      `https://h/?n=${curly('CONTACT_NAME euc')}`,
      {},
      { url: 'https://h/?n=Ann%20%26%20Co' },
    ],
    ['a path of its own', 'url: https://h\npath: /a/$[p]', { p: 'b c' }, { url: 'https://h', path: '/a/b%20c' }],
    ['a path as a list', 'url: https://h\npath: [a, $[p]]', { p: 'b/c' }, { url: 'https://h', path: ['a', 'b/c'] }],
    [
      'a query',
      'url: https://h\nquery:\n  q: $[q! ys]\n  n: $[n number default<10>]\n  s: "$[n]"\n  c?: $[c ys?]\n  e: $[e]\n  m: $[m number]',
      { q: 'a: b # c' },
      { url: 'https://h', query: { q: 'a: b # c', n: 10, s: '10', 'c?': null, e: '', m: null } },
    ],
    [
      'true and false',
      'url: https://h\nbody: {a: $[a boolean], b: yes}',
      { a: true },
      { url: 'https://h', body: { a: true, b: 'yes' } },
    ],
    [
      'JSON as a body',
      'url: https://h\nbody: $[b j]',
      { b: '{"a":[1,null]}' },
      { url: 'https://h', body: { a: [1, null] } },
    ],
    ['no JSON as a body', 'url: https://h\nbody: $[b j]', {}, { url: 'https://h', body: {} }],
    [
      'JSON in a header is text',
      'url: https://h\nheaders: {X: $[b j]}',
      { b: '{"a": 1}' },
      { url: 'https://h', headers: { X: '{"a":1}' } },
    ],
    [
      'quoted JSON',
      'url: https://h\nbody: {"p":"$[p edq]","q":\'$[p esq]\'}',
      { p: `"'` },
      { url: 'https://h', body: { p: `"'`, q: `"'` } },
    ],
    [
      'JSON in a block',
      'url: https://h\nbody: |\n  {"p": $[p js], "q": "$[p]"}',
      { p: '"' },
      { url: 'https://h', body: { p: '"', q: '"' } },
    ],
    [
      'a text in a block',
      'url: https://h\nbody: |-\n  query { a(b: $[p js]) }',
      { p: '"' },
      { url: 'https://h', body: 'query { a(b: "\\"") }' },
    ],
    [
      'an optional header',
      'url: https://h\nheaders:\n  X-A?: $[a ys?]',
      {},
      { url: 'https://h', headers: { 'X-A?': '' } },
    ],
    [
      'references',
      `url: https://h/${curly('CONTACT_ID')}\nheaders: {A: "Bearer ${curly('SECRET_KEY')}"}`,
      {},
      { url: 'https://h/refNONCEn0e', headers: { A: 'Bearer refNONCEn1e' } },
    ],
    [
      'raw HTTP',
      'POST https://h/$[p] HTTP/1.1\nX-A: $[a]\nContent-Type: application/json\n\n{"a": $[a js], "n": $[n number]}',
      { p: 'x', a: 'y', n: 2 },
      {
        method: 'POST',
        url: 'https://h/x',
        headers: { 'X-A': 'y', 'Content-Type': 'application/json' },
        body: { a: 'y', n: 2 },
      },
    ],
    [
      'a form in raw HTTP',
      'POST https://h/\nContent-Type: application/x-www-form-urlencoded\n\na=$[a]&b=$[a euc]',
      { a: '1&c=2' },
      {
        method: 'POST',
        url: 'https://h/',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'a=1%26c%3D2&b=1%26c%3D2',
      },
    ],
    [
      'a body without slots',
      'PUT https://h/\n\n{"a":  1}\n',
      {},
      { method: 'PUT', url: 'https://h/', body: '{"a":  1}' },
    ],
  ])('%s', (_name, written, args, expected) => {
    expect(fill(fetch(written), args)).toEqual(expected)
  })

  test('the head of the block has settings', () => {
    const { instruction } = compile('```fetch/timeout=20000/format=text/text\nhttps://h\n```')
    expect(instruction.settings).toEqual({ timeout: 20000, format: 'text', text: '' })
    expect(compile('```text/model=openai%2Fx/a=true/b=1.5/c=1.5x\nhi\n```').instruction.settings).toEqual({
      model: 'openai/x',
      a: true,
      b: 1.5,
      c: '1.5x',
    })
  })

  it.each([
    ['```text\nSay $[x]\n```', { input: 'Say hi' }],
    ['```text\ninput: Say $[x]\nmodel: demo\n```', { input: 'Say hi', model: 'demo' }],
    ['```search\n$[x]\n```', { query: 'hi' }],
    ['```search\nquery: $[x! ys|what]\nlimit: 5\n```', { query: 'hi', limit: 5 }],
    ['```time\n```', null],
    ['```time\nnow\n```', null],
    ['~~~~echo\n$[x]\n~~~~', 'hi'],
    ['\n\n   ```echo\r\n$[x]\r\n   ```\n', 'hi'],
  ])('%j', (instruction, expected) => {
    expect(fill(instruction, { x: 'hi' })).toEqual(expected)
  })
})

test('a placeholder in a comment is not a parameter', () => {
  expect(compile(fetch('url: https://h # $[x!]')).parameters['properties']).toEqual({})
})
