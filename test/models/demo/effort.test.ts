import { describe, expect, test } from 'vitest'
import { mostEffort } from '../../../src/models/demo/effort.ts'
import { createDemoProvider } from '../../../src/models/demo/provider.ts'
import type { ModelPart } from '../../../src/models/model.ts'

/** What the demo model answers to a message that names functions with these parameters. */
async function answer(...schemas: readonly object[]): Promise<readonly ModelPart[]> {
  const provider = createDemoProvider({ sleep: async () => {} })
  const model = provider.open('demo', { words: '5', delayMs: '0' })
  if ('kind' in model) throw new Error('the demo model was refused')
  const tools = schemas.map((parameters, n) => ({ name: `make${n}`, description: '', parameters: { ...parameters } }))
  const parts: ModelPart[] = []
  const prompt = [{ role: 'user', text: tools.map(({ name }) => `call ${name}`).join(', ') }] as const
  for await (const part of model.stream({ prompt, tools, signal: new AbortController().signal })) parts.push(part)
  return parts
}

const of = (x: unknown, more: object = {}) => ({ type: 'object', properties: { x }, required: ['x'], ...more })
const half = of({ type: 'string', minLength: mostEffort.characters / 2 })

describe('a request that asks the demo model for too much is rejected, and says so', () => {
  test.each([
    ['a text', of({ type: 'string', minLength: 1_000_000_000 })],
    ['many long texts', of({ type: 'array', minItems: 1000, items: { type: 'string', minLength: 1000 } })],
    ['a long choice for each of many items', of({ type: 'array', minItems: 1000, items: { const: 'x'.repeat(1000) } })],
    [
      'a long default for each of many items',
      of({ type: 'array', minItems: 1000, items: { default: ['x'.repeat(1000)] } }),
    ],
  ])('%s', async (_what, schema) => {
    await expect(answer(schema)).rejects.toMatchObject({
      kind: 'rejected',
      isRetryable: false,
      message: expect.stringContaining('more than the 100000 characters'),
    })
  })

  test('all calls of an answer together', async () => {
    expect(await answer(half)).toContainEqual(expect.objectContaining({ type: 'call', name: 'make0' }))
    await expect(answer(half, half, half)).rejects.toMatchObject({ kind: 'rejected' })
  })

  test.each([
    [
      'references that multiply',
      of(
        { $ref: '#' },
        {
          allOf: Array.from({ length: 90 }, () => ({ $ref: '#/$defs/wide' })),
          $defs: {
            wide: {
              properties: Object.fromEntries(
                Array.from({ length: 2000 }, (_, n) => [`p${n}`, { allOf: [{ $ref: '#' }] }]),
              ),
            },
          },
        },
      ),
    ],
    [
      'thousands of choices for each of many properties',
      {
        type: 'object',
        properties: Object.fromEntries(
          Array.from({ length: 100 }, (_, n) => [
            `p${n}`,
            { enum: Array.from({ length: 1000 }, (_, m) => `choice${m}`) },
          ]),
        ),
      },
    ],
  ])('%s', async (_what, schema) => {
    await expect(answer(schema)).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('too complicated for the demo model'),
    })
  })
})

test('a list of any length and a nesting of any depth come to an end', async () => {
  const list = await answer(of({ type: 'array', minItems: 1_000_000_000, items: { type: 'integer' } }))
  expect(list).toContainEqual(
    expect.objectContaining({ type: 'call', arguments: expect.stringMatching(/^.{1000,5000}$/) }),
  )
  const nested = await answer(of({ $ref: '#' }))
  expect(nested).toContainEqual(
    expect.objectContaining({ type: 'call', arguments: expect.stringMatching(/^.{1000,20000}$/) }),
  )
})
