import { dispatchMutation } from '../account.ts'
import type { Target } from '../target.ts'
import { type Attack, again, outcome, type Tally } from './attack.ts'

const user = [{ type: 'USER', text: 'Hi' }]
const send = ({ attacker }: Target, input: object, signal: AbortSignal) =>
  attacker.post('/graphql', JSON.stringify({ query: dispatchMutation, variables: { input } }), signal)

/** Dispatches again and again; `input` makes each. */
function flood(name: string, width: number, input: (n: number) => object): Attack {
  return {
    name,
    run(target, signal, tally: Tally) {
      let n = 0
      return again(width, signal, tally, async () =>
        outcome(await send(target, { messages: user, ...input(n++) }, signal)),
      )
    },
  }
}

/** Of about 200 KB, and different each time. */
function bigSchema(n: number): object {
  const properties = Object.fromEntries(
    Array.from({ length: 1500 }, (_, i) => [
      `field_${n}_${i}`,
      { type: 'string', maxLength: 10 + i, pattern: '^[a-z]+$' },
    ]),
  )
  return { type: 'object', properties }
}

const declared = (n: number, parameters: object) => ({
  name: `look_${n}`,
  description: 'Looks.',
  parameters,
  result: { data: {} },
})

/** An object in an object, and so on. */
function nested(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
}

const deepBody: Attack = {
  name: 'JSON nested 5,000 deep',
  run: ({ attacker }, signal, tally) =>
    again(10, signal, tally, async () => {
      const query = JSON.stringify(dispatchMutation)
      const body = `{"query":${query},"variables":{"input":{"messages":[{"type":"USER","text":"Hi","meta":${nested(5000)}}]}}}`
      return outcome(await attacker.post('/graphql', body, signal))
    }),
}

/** As many values as are taken at once, in names that are never the same. */
const manyValues = (n: number) => ({
  meta: { values: Object.fromEntries(Array.from({ length: 49_000 }, (_, i) => [`value_${n}_${i}`, i])) },
})

export const dispatchAttacks: readonly Attack[] = [
  flood('dispatches as fast as they are taken', 50, () => ({ model: 'demo/delayMs=20/words=200' })),
  flood('a demo model is asked for 100 MB of arguments', 4, () => ({
    messages: [{ type: 'USER', text: 'Please call look_0.' }],
    functions: [
      declared(0, { type: 'object', properties: { a: { type: 'string', minLength: 100_000_000 } }, required: ['a'] }),
    ],
  })),
  flood('a demo model is asked for many small arguments', 4, () => ({
    messages: [{ type: 'USER', text: 'Please call look_0.' }],
    functions: [
      declared(0, {
        type: 'object',
        properties: { a: { type: 'array', minItems: 5_000_000, items: { type: 'string' } } },
        required: ['a'],
      }),
    ],
  })),
  flood('schemas of 200 KB, never the same', 4, (n) => ({
    functions: Array.from({ length: 8 }, (_, i) => declared(i, bigSchema(n * 10 + i))),
  })),
  flood('schemas of 200 KB that are refused', 4, (n) => ({
    functions: [
      ...Array.from({ length: 7 }, (_, i) => declared(i, bigSchema(n * 10 + i))),
      declared(7, { type: 'object', properties: { x: { type: 'none' } } }),
    ],
  })),
  flood('messages with as many values as are taken', 4, (n) => ({
    messages: [{ type: 'USER', text: 'Hi', ...manyValues(n) }],
  })),
  flood('messages with more values than are taken', 4, () => ({
    messages: [{ type: 'USER', text: 'Hi', meta: { values: Array.from({ length: 3_900_000 }, () => 0) } }],
  })),
  flood('placeholders that multiply what they fill in', 4, () => ({
    backstory: '${CONTACT_NAME} '.repeat(50_000),
    contact: { fingerprint: 'attacker-contact', name: 'x'.repeat(200) },
  })),
  deepBody,
]
