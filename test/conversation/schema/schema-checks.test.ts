import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { compileJsonSchema } from '../../../src/conversation/schema/json-schema.ts'
import { checkBudgetsMs, createSchemaChecks, simpleBounds } from '../../../src/conversation/schema/schema-checks.ts'
import type { Schema } from '../../../src/conversation/schema/walk.ts'
import { OutOfBudget } from '../../../src/kernel/helpers/budget.ts'

/** Checks whose helper stands in for a library: it takes `costMs` for each schema and each value. */
function withHelper({ costMs = 0, what = 'time' as OutOfBudget['what'] } = {}) {
  const asked: unknown[] = []
  const spend = (schema: Schema, budget: { leftMs: number }) => {
    asked.push(schema)
    if (budget.leftMs < costMs) throw new OutOfBudget(what)
    budget.leftMs -= costMs
    return null
  }
  const checks = createSchemaChecks({
    problem: async (_account, schema, budget) => spend(schema, budget),
    mismatch: async (_account, schema, _value, budget) => spend(schema, budget),
  })
  return { checks, asked }
}

const of = (x: unknown, more: object = {}): Schema => ({ type: 'object', properties: { x }, ...more })
const many = (count: number) =>
  of({}, { properties: Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, { type: 'string' }])) })

describe('where a schema is read', () => {
  test.each([
    ['the usual keywords', of({ type: ['string', 'null'], enum: ['a'], description: 'x', minLength: 1 })],
    ['alternatives', of({ anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }] })],
    ['a dialect', of({ type: 'string' }, { $schema: 'http://json-schema.org/draft-07/schema#' })],
  ])('%s: here', async (_what, schema) => {
    const { checks, asked } = withHelper()
    expect(await checks.problems('acme', [schema])).toEqual([null])
    await checks.begin('acme')(schema, { x: 'a' }, 9)
    expect(asked).toEqual([])
  })

  test.each([
    ['references, which can multiply', of({ $ref: '#/$defs/x' }, { $defs: { x: { type: 'string' } } })],
    ['a pattern, which can backtrack', of({ pattern: '^a' })],
    ['patterns of names', of({ patternProperties: { '^a': { type: 'string' } } })],
    ['unique items, which are compared all with all', of({ type: 'array', uniqueItems: true })],
    ['what nobody knows', of({ 'x-mine': { $id: 'urn:mine' } })],
    ['a name for a part', of({ $id: 'urn:mine', type: 'string' })],
    ['more than a little', many(simpleBounds.schemas)],
  ])('%s: in the helper', async (_what, schema) => {
    const { checks, asked } = withHelper()
    await checks.problems('acme', [schema])
    await checks.begin('acme')(schema, { x: 'a' }, 9)
    expect(asked).toEqual([schema, schema])
  })

  test('of many small ones, those beyond a bound in the helper', async () => {
    const { checks, asked } = withHelper()
    const problems = await checks.problems(
      'acme',
      Array.from({ length: 40 }, () => many(50)),
    )
    expect([problems.every((each) => each === null), asked.length > 0, asked.length < 40]).toEqual([true, true, true])
  })

  test('a long value is checked in the helper, whatever its schema', async () => {
    const { checks, asked } = withHelper()
    await checks.begin('acme')(of({}), { x: 'a' }, simpleBounds.value + 1)
    expect(asked).toHaveLength(1)
  })
})

describe('a budget', () => {
  const costly = of({ pattern: '^a' })

  test.each(['time', 'memory'] as const)(
    'of all schemas of a request: too much %s is a problem of those it does not reach',
    async (what) => {
      const { checks } = withHelper({ costMs: checkBudgetsMs.schemas / 2, what })
      expect(await checks.problems('acme', [costly, costly, costly, of({})])).toEqual([
        null,
        null,
        { problem: 'it is too large', path: [] },
        null,
      ])
    },
  )

  test('of all calls of one answer: the model is told of those it does not reach, and the next answer has its own', async () => {
    const { checks } = withHelper({ costMs: checkBudgetsMs.values / 2 })
    const check = checks.begin('acme')
    const told = [await check(costly, {}, 2), await check(costly, {}, 2), await check(costly, {}, 2)]
    expect(told).toEqual([null, null, 'The arguments take too much time to check against the schema.'])
    expect(await checks.begin('acme')(costly, {}, 2)).toBe(null)
  })
})

describe('callers’ schemas stay apart', () => {
  test('one cannot refer to what another has named', () => {
    const named = of({ type: 'string' }, { 'x-parts': { $id: 'https://acme.test/secret', type: 'string' } })
    expect(compileJsonSchema(named)).toHaveProperty('check')
    const other = compileJsonSchema(of({ $ref: 'https://acme.test/secret' }, { 'x-parts': { type: 'string' } }))
    expect(other).toMatchObject({ problem: expect.stringContaining('nothing at the reference') })
  })

  test('two may have the same names', () => {
    const ofType = (type: string) => of({ $ref: 'urn:x' }, { $defs: { x: { $id: 'urn:x', type } } })
    const [text, number] = [compileJsonSchema(ofType('string')), compileJsonSchema(ofType('number'))]
    if (!('check' in text) || !('check' in number)) throw new Error('they can be read')
    expect([text.check({ x: 'a' }), number.check({ x: 1 })]).toEqual([null, null])
    expect([text.check({ x: 1 }), number.check({ x: 'a' })]).not.toContain(null)
  })

  test('and none is kept in memory', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const compile = (from: number) => {
      for (let n = 0; n < 300; n++) compileJsonSchema(of({ type: 'string' }, { title: `schema ${from + n}` }))
      collect()
      return process.memoryUsage().heapUsed
    }
    const before = compile(0)
    // A compiler that is used again keeps 3 KB of each.
    expect((compile(300) - before) / 300).toBeLessThan(1000)
  })
})
