import { describe, expect, test } from 'vitest'
import { answerSchemaOf } from '../../console/src/answer/answer-schema.ts'
import { readForm } from '../../console/src/answer/read-form.ts'
import { type FormField, formOf } from '../../console/src/answer/schema-form.ts'

const fieldsOf = (schema: unknown): readonly FormField[] => formOf(schema) ?? []
const object = (properties: object, required: readonly string[] = []) => ({ type: 'object', properties, required })

describe('a form out of a JSON Schema', () => {
  test.each([
    [{ type: 'string' }, { kind: 'text', isLong: true, format: null }],
    [
      { type: 'string', maxLength: 20 },
      { kind: 'text', isLong: false, format: null },
    ],
    [
      { type: 'string', format: 'email' },
      { kind: 'text', isLong: false, format: 'email' },
    ],
    [
      { type: 'string', format: 'uuid' },
      { kind: 'text', isLong: true, format: null },
    ],
    [
      { type: 'integer', minimum: 1 },
      { kind: 'number', isWhole: true, min: 1, max: null },
    ],
    [
      { type: 'number', maximum: 2.5 },
      { kind: 'number', isWhole: false, min: null, max: 2.5 },
    ],
    [{ type: 'boolean' }, { kind: 'check' }],
    [{ type: 'array', items: { type: 'string' } }, { kind: 'json' }],
    [{ type: ['string', 'null'] }, { kind: 'json' }],
    [{ type: 'object' }, { kind: 'json' }],
    [true, { kind: 'json' }],
    [{ $ref: '#/$defs/a' }, { kind: 'json' }],
  ])('%j', (schema, control) => {
    expect(fieldsOf(object({ a: schema }))[0]?.control).toEqual(control)
  })

  test('offers what an enum has, whatever its type', () => {
    const options = [
      { value: 'red', name: 'red' },
      { value: 2, name: '2' },
      { value: null, name: 'null' },
    ]
    expect(fieldsOf(object({ a: { enum: ['red', 2, null] } }))[0]?.control).toEqual({ kind: 'choice', options })
  })

  test.each([[null], [{ type: 'string' }], [{ type: 'array', properties: {} }], ['text'], [{ properties: [] }]])(
    '%j gives none',
    (schema) => {
      expect(formOf(schema)).toBeNull()
    },
  )
})

describe('what a filled form means', () => {
  const schema = object(
    {
      name: { type: 'string' },
      age: { type: 'integer', minimum: 0 },
      isSure: { type: 'boolean' },
      colour: { enum: ['red', 'green'] },
      tags: { type: 'array' },
      address: object({ city: { type: 'string' } }, ['city']),
    },
    ['name', 'colour'],
  )
  const read = (entries: Readonly<Record<string, string>>) =>
    readForm(fieldsOf(schema), new Map(Object.entries(entries)))

  test('all of it, typed as the schema has it', () => {
    const filled = {
      '/name': 'Ada',
      '/age': '36',
      '/isSure': 'true',
      '/colour': '1',
      '/tags': '["x"]',
      '/address/city': 'London',
    }
    expect(read(filled)).toEqual({
      kind: 'value',
      value: { name: 'Ada', age: 36, isSure: true, colour: 'green', tags: ['x'], address: { city: 'London' } },
    })
  })

  test('what says why it is wrong', () => {
    const reading = read({ '/age': '-1', '/tags': '[', '/colour': '' })
    expect(reading.kind === 'problems' && [...reading.problems.keys()]).toEqual(['/name', '/age', '/colour', '/tags'])
    expect(reading.kind === 'problems' && reading.problems.get('/age')).toBe('At least 0 is wanted.')
  })

  test.each([
    ['1.5', 'A whole number is wanted.'],
    ['many', 'This is no number.'],
  ])('%s is no age', (age, problem) => {
    const reading = read({ '/name': 'Ada', '/colour': '0', '/address/city': 'x', '/age': age })
    expect(reading).toEqual({ kind: 'problems', problems: new Map([['/age', problem]]) })
  })

  test('an empty optional group is left out with what it requires', () => {
    const fields = fieldsOf(object({ address: object({ city: { type: 'string' } }, ['city']) }))
    expect(readForm(fields, new Map())).toEqual({ kind: 'value', value: {} })
  })
})

describe('the schema of an answer', () => {
  const call = { id: 'c', name: 'ask', answer: 'SUBMIT', deadline: null } as const
  const schema = object({ a: { type: 'string' } })

  test.each([
    ['is what the dispatch says for the function', {}, { answerSchemas: { ask: schema } }, schema],
    ['else what the model asks for', { requestedSchema: schema }, null, schema],
    ['is that of its own function', {}, { answerSchemas: { other: schema } }, null],
    ['is nothing inherited', {}, { answerSchemas: {} }, null],
    ['is unknown otherwise', 'no arguments', 'no meta', null],
  ])('%s', (_name, given, meta, expected) => {
    const named = _name === 'is nothing inherited' ? { ...call, name: 'toString' } : call
    expect(answerSchemaOf({ ...named, arguments: given }, meta)).toEqual(expected)
  })
})
