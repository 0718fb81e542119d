import { it } from 'vitest'
import { expectWire, type WireCase } from './wire-case.ts'

const cases: readonly WireCase[] = [
  {
    title: '!fetch with the fields where they stand, named after their keys',
    instruction:
      '!fetch\nurl: http://wire.test/search\nquery:\n  q: !string\n  limit: !number {optional: true}\n  all: !boolean {default: false}',
    args: { q: 'a&b', limit: 5 },
    properties: { q: { type: 'string' }, limit: { type: 'number' }, all: { type: 'boolean', default: false } },
    required: ['q', 'all'],
    sent: 'GET /search?q=a%26b&limit=5&all=false',
  },
  {
    title: 'a field with everything that a definition may say',
    instruction: [
      '!fetch',
      'url: http://wire.test/orders',
      'body:',
      '  size: !string',
      '    name: size',
      '    description: How large',
      '    enum: [small, large]',
      '    default: small',
      '  count: !number {name: count, min: 1, max: 9, description: How many}',
      '  note: !string? {name: note, min: 2, max: 20}',
    ].join('\n'),
    args: { count: 2, note: 'now' },
    properties: {
      size: { type: 'string', description: 'How large', default: 'small', enum: ['small', 'large'] },
      count: { type: 'number', description: 'How many', minimum: 1, maximum: 9 },
      note: { type: 'string', minLength: 2, maxLength: 20 },
    },
    required: ['size', 'count'],
    sent: 'POST /orders\ncontent-type: application/json\n\n{"size":"small","count":2,"note":"now"}',
  },
  {
    title: 'arrays and objects as whole values of a body',
    instruction: [
      '!fetch',
      'url: http://wire.test/orders',
      'body:',
      '  tags: !array {items: {type: string}}',
      '  buyer: !object',
      '    description: Who buys',
      '    properties:',
      '      name: {type: string}',
      '      age: {type: number, optional: true}',
    ].join('\n'),
    args: { tags: ['a', 'b"'], buyer: { name: 'Ann', age: 7 } },
    properties: {
      tags: { type: 'array', items: { type: 'string' } },
      buyer: {
        type: 'object',
        description: 'Who buys',
        properties: { name: { type: 'string' }, age: { type: 'number' } },
        required: ['name'],
        additionalProperties: false,
      },
    },
    required: ['tags', 'buyer'],
    sent: 'POST /orders\ncontent-type: application/json\n\n{"tags":["a","b\\""],"buyer":{"name":"Ann","age":7}}',
  },
  {
    title: 'transforms',
    instruction: [
      '!fetch',
      'url: http://wire.test/t',
      'query:',
      '  low: !string {transform: lower}',
      '  up: !string {transform: [trim, upper]}',
      '  code: !string {transform: urlencode}',
    ].join('\n'),
    args: { low: 'ABC', up: ' abc ', code: 'a/b' },
    properties: { low: { type: 'string' }, up: { type: 'string' }, code: { type: 'string' } },
    required: ['low', 'up', 'code'],
    sent: 'GET /t?low=abc&up=ABC&code=a%252Fb',
  },
  {
    title: 'an action beside the fields that it refers to',
    instruction: [
      'city: !string {description: The city}',
      'days: !number {default: 3}',
      'action: !fetch',
      '  url: http://wire.test/weather',
      '  query: {city: !reference city, days: !reference days, "who": !reference CONTACT_NICK}',
    ].join('\n'),
    args: { city: 'Sofia' },
    properties: { city: { type: 'string', description: 'The city' }, days: { type: 'number', default: 3 } },
    required: ['city', 'days'],
    sent: 'GET /weather?city=Sofia&days=3&who=Ann',
  },
  {
    title: 'a secret by reference in its headers',
    instruction:
      '!fetch\nurl: http://wire.test/a\nheaders: {Authorization: !reference SECRET_DEFAULT, X-Key: !reference SECRET_PLAIN}',
    sent: 'GET /a\nauthorization: Bearer sk-live-9Zk2\nx-key: plain-7Q+/x',
  },
  {
    title: 'placeholders among the tags',
    instruction:
      '!fetch\nurl: http://wire.test/a/$[id! euc]\nquery: {q: !string {name: q, optional: true}, id: "$[id]"}',
    args: { id: 'x/y' },
    properties: { id: { type: 'string' }, q: { type: 'string' } },
    required: ['id'],
    sent: 'GET /a/x%2Fy?q=&id=x%2Fy',
  },
  {
    title: 'a required field that the model leaves out',
    instruction: '!fetch\nurl: http://wire.test/a\nquery: {q: !string , r: !string? }',
    args: { r: 'r' },
    properties: { q: { type: 'string' }, r: { type: 'string' } },
    required: ['q'],
    sent: null,
    told: 'Required field "q" missing in the input.',
  },
  {
    title: 'a text where a number belongs',
    instruction: '!fetch\nurl: http://wire.test/a\nquery: {n: !number {max: 5}}',
    args: { n: '1; DROP' },
    properties: { n: { type: 'number', maximum: 5 } },
    required: ['n'],
    sent: null,
    told: 'The field "n" takes a number.',
  },
  {
    title: 'a list where an object belongs',
    instruction: '!fetch\nurl: http://wire.test/a\nbody: {o: !object }',
    args: { o: [1] },
    properties: { o: { type: 'object' } },
    required: ['o'],
    sent: null,
    told: 'The field "o" takes an object.',
  },
]

it.each(cases)('the YAML form has $title', expectWire)
