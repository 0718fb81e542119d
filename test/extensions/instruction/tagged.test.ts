import { expect, it } from 'vitest'
import { compileAbility } from '../../../src/extensions/ability/ability.ts'
import { fillInstruction } from '../../../src/extensions/instruction/fill.ts'

const context = { references: {}, nonce: () => 'NONCE' }

function compile(instruction: string) {
  const result = compileAbility({ name: 'test', description: 'What it is good for', instruction })
  if (result.kind === 'refused') throw new Error(result.message)
  return result.ability
}

const schema = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

it.each<[string, string, object, readonly string[], Record<string, unknown>, unknown]>([
  [
    'an action at the root',
    '!fetch\nmethod: POST\nurl: https://h\nbody:\n  q: !string\n    name: query\n    description: the query\n    min: 1\n  n: !number\n    name: limit\n    default: 10\n    optional: true',
    { query: { type: 'string', description: 'the query', minLength: 1 }, limit: { type: 'number', default: 10 } },
    ['query'],
    { query: 'a' },
    { method: 'POST', url: 'https://h', body: { q: 'a', n: 10 } },
  ],
  [
    'an action below its key',
    'action: !fetch\n  url: https://h\n  query:\n    status: !string\n      enum: [on, "off"]\n      default: on',
    { status: { type: 'string', enum: ['on', 'off'], default: 'on' } },
    ['status'],
    { status: 'off' },
    { url: 'https://h', query: { status: 'off' } },
  ],
  [
    'tags with a question mark, and keys that go when they are empty',
    '!fetch\nurl: https://h\nbody:\n  a?: !string?\n    name: a\n  b?: !boolean?\n    name: b',
    { a: { type: 'string' }, b: { type: 'boolean' } },
    [],
    { b: false },
    { url: 'https://h', body: { 'a?': '', 'b?': false } },
  ],
  [
    'names by their keys, and short definitions',
    '!fetch\nurl: https://h\nbody:\n  a?: !number\n  b: !string c',
    { a: { type: 'number' }, c: { type: 'string' } },
    ['a', 'c'],
    { a: 1, c: 'x' },
    { url: 'https://h', body: { 'a?': 1, b: 'x' } },
  ],
  [
    'arrays',
    '!fetch\nurl: https://h\nbody:\n  tags: !array\n    name: tags\n    description: some tags\n    items:\n      name: tag\n      enum: [a, b]',
    { tags: { type: 'array', description: 'some tags', items: { type: 'string', enum: ['a', 'b'] } } },
    ['tags'],
    { tags: ['a'] },
    { url: 'https://h', body: { tags: ['a'] } },
  ],
  [
    'objects',
    '!fetch\nurl: https://h\nbody: !object\n  name: item\n  properties:\n    port: {default: 8080}\n    host: {description: a host}\n    more: {optional: true, type: array, items: {type: number, min: 1}}',
    {
      item: {
        type: 'object',
        properties: {
          port: { type: 'number', default: 8080 },
          host: { type: 'string', description: 'a host' },
          more: { type: 'array', items: { type: 'number', minimum: 1 } },
        },
        required: ['host'],
        additionalProperties: false,
      },
    },
    ['item'],
    { item: { host: 'h', __proto__: null } },
    { url: 'https://h', body: { host: 'h' } },
  ],
  [
    'transforms',
    '!fetch\nurl: https://h\nquery:\n  slug: !string\n    transform: [lower, trim, urlencode]',
    { slug: { type: 'string' } },
    ['slug'],
    { slug: ' A B ' },
    { url: 'https://h', query: { slug: 'a%20b' } },
  ],
  [
    'references, to secrets and to fields',
    'city: !string\n  description: a city\naction: !fetch\n  url: https://h\n  headers:\n    Authorization: !reference SECRET_DEFAULT\n  query:\n    a: !reference city\n    b: !reference other',
    { other: { type: 'string' }, city: { type: 'string', description: 'a city' } },
    ['city'],
    { city: 'Rome' },
    { url: 'https://h', headers: { Authorization: 'refNONCEn0e' }, query: { a: 'Rome', b: '' } },
  ],
  [
    'placeholders',
    '!echo\nsay: Hi $[name!|a name]',
    { name: { type: 'string', description: 'a name' } },
    ['name'],
    { name: 'Bo' },
    { say: 'Hi Bo' },
  ],
  ['a text', '!text Say $[x]', { x: { type: 'string' } }, [], { x: 'hi' }, { input: 'Say hi' }],
  [
    'a search',
    'action: !search\n  query: !string\n    name: q',
    { q: { type: 'string' } },
    ['q'],
    { q: 'a' },
    { query: 'a' },
  ],
  ['the time', '!time', {}, [], {}, null],
  ['the time below its key', 'action: !time', {}, [], {}, null],
])('YAML with tags: %s', (_name, instruction, properties, required, args, expected) => {
  const ability = compile(instruction)
  expect(ability.parameters).toEqual(schema(properties, required))
  expect(fillInstruction(ability.instruction, args, context)).toMatchObject({ kind: 'filled', value: expected })
})

it.each([
  [{}, 'Required field "tags" missing in the input.'],
  [{ tags: 'a' }, 'The field "tags" takes an array.'],
  [{ tags: { 0: 'a' } }, 'The field "tags" takes an array.'],
])('refuses %j for an array', (args, message) => {
  const { instruction } = compile('!fetch\nurl: https://h\nbody: !array\n  name: tags')
  expect(fillInstruction(instruction, args, context)).toEqual({ kind: 'refused', message })
})
