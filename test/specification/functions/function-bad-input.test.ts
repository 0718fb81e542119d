import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codes, dispatchMutation, expectUnharmed, issuePaths, type Operation, transports } from '../../server/ask.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(async () => {
  await expectUnharmed(service.url)
})

const object = { type: 'object' }
const channelId = 'channel-of-this-test'

function dispatching(input: object): Operation {
  const whole = { messages: [{ type: 'USER', text: 'Hello' }], model: 'demo/delayMs=0/words=5', ...input }
  return { query: dispatchMutation, variables: { input: whole } }
}

/** A dispatch of one function, which is sound but for what is given. */
function declaring(over: object): Operation {
  return dispatching({ functions: [{ name: 'act', description: 'Acts.', parameters: object, ...over }] })
}

function submitting(input: object): Operation {
  const query =
    'mutation ($input: SubmitFunctionResultInput!) { submitFunctionResult(input: $input) { dispatch { id } } }'
  return { query, variables: { input: { channelId, callId: 'call_1', ...input } } }
}

function publishing(variables: Record<string, unknown>): Operation {
  const query =
    'mutation ($channelId: ID!, $message: JSONObject!) { publishChannelMessage(channelId: $channelId, message: $message) { channelId } }'
  return { query, variables: { channelId, message: {}, ...variables } }
}

function nested(depth: number): object {
  return depth === 0 ? {} : { inner: nested(depth - 1) }
}

/** So deep itself, for schemas are compiled. */
function nestedSchema(depth: number): object {
  return depth <= 1 ? object : { type: 'object', not: nestedSchema(depth - 1) }
}

/** Title, operation, and the paths of its issues. */
type Case = readonly [title: string, operation: Operation, paths: readonly string[]]

const names: readonly Case[] = [
  '',
  ' ',
  '_act',
  '1st',
  'get-weather',
  'get weather',
  'get.weather',
  'wetter_für',
  'act\n',
  'a'.repeat(65),
].map((name) => [
  `a function named ${JSON.stringify(name.slice(0, 20))}`,
  declaring({ name }),
  ['input.functions.0.name'],
])

const functions: readonly Case[] = [
  ...names,
  [
    'two functions of one name',
    dispatching({
      functions: ['act', 'go', 'act'].map((name) => ({ name, description: 'Acts.', parameters: object })),
    }),
    ['input.functions.2.name'],
  ],
  [
    '101 functions',
    dispatching({
      functions: Array.from({ length: 101 }, (_, n) => ({
        name: `act${n}`,
        description: 'Acts.',
        parameters: object,
      })),
    }),
    ['input.functions'],
  ],
  ['a function without a description', declaring({ description: '' }), ['input.functions.0.description']],
  ['a description of 10,001', declaring({ description: 'x'.repeat(10_001) }), ['input.functions.0.description']],
  ...(
    [
      ['of no type', {}],
      ['of type string', { type: 'string' }],
      ['of two types', { type: ['object', 'null'] }],
      ['of an unknown type within', { type: 'object', properties: { city: { type: 'town' } } }],
      ['whose properties are a list', { type: 'object', properties: ['city'] }],
      ['with a pattern that is none', { type: 'object', properties: { city: { type: 'string', pattern: '(' } } }],
      ['with a reference to nothing', { type: 'object', properties: { city: { $ref: '#/$defs/city' } } }],
      ['with a reference to elsewhere', { type: 'object', properties: { city: { $ref: 'http://127.0.0.1/s' } } }],
      ['nested 101 deep', nestedSchema(101)],
      ['beyond 250,000 characters', { type: 'object', description: 'x'.repeat(250_000) }],
    ] as const
  ).map(
    ([what, parameters]): Case => [`parameters ${what}`, declaring({ parameters }), ['input.functions.0.parameters']],
  ),
  ['parameters that are a list', declaring({ parameters: ['city'] }), ['input.functions.0.parameters']],
  ['parameters that are null', declaring({ parameters: null }), ['input.functions.0.parameters']],
  ['a result of none of the three', declaring({ result: {} }), ['input.functions.0.result']],
  ['a result of nulls', declaring({ result: { channel: null, await: null } }), ['input.functions.0.result']],
  ['data beside await', declaring({ result: { data: null, await: true } }), ['input.functions.0.result']],
  ['a channel beside await', declaring({ result: { channel: channelId, await: true } }), ['input.functions.0.result']],
  ['await false', declaring({ result: { await: false } }), ['input.functions.0.result.await']],
  ['await as a text', declaring({ result: { await: 'yes' } }), ['input.functions.0.result.await']],
  ['a channel of 15', declaring({ result: { channel: 'x'.repeat(15) } }), ['input.functions.0.result.channel']],
  [
    'a channel with spaces',
    declaring({ result: { channel: 'not a channel at all' } }),
    ['input.functions.0.result.channel'],
  ],
  ['data nested 101 deep', declaring({ result: { data: nested(101) } }), ['input.functions.0.result.data']],
  ['data beyond 250,000', declaring({ result: { data: 'x'.repeat(250_000) } }), ['input.functions.0.result.data']],
  ['timeoutSeconds of none', declaring({ timeoutSeconds: 0 }), ['input.functions.0.timeoutSeconds']],
  ['timeoutSeconds beyond 30 days', declaring({ timeoutSeconds: 2_592_001 }), ['input.functions.0.timeoutSeconds']],
  ['timeoutSeconds of a half', declaring({ timeoutSeconds: 0.5 }), ['input.functions.0.timeoutSeconds']],
  ['call.start as a text', declaring({ call: { start: 'yes' } }), ['input.functions.0.call.start']],
  ['a field that is none', declaring({ strict: true }), ['input.functions.0']],
  ['-1 calls', dispatching({ limits: { calls: -1 } }), ['input.limits.calls']],
  ['100,001 calls', dispatching({ limits: { calls: 100_001 } }), ['input.limits.calls']],
  [
    'several mistakes at once',
    dispatching({
      functions: [
        { name: '_a', description: 'Acts.', parameters: object },
        { name: 'b', description: '', parameters: {}, timeoutSeconds: 0 },
      ],
    }),
    [
      'input.functions.0.name',
      'input.functions.1.description',
      'input.functions.1.parameters',
      'input.functions.1.timeoutSeconds',
    ],
  ],
]

const answers: readonly Case[] = [
  ['an answer without data and error', submitting({}), ['input']],
  ['an answer of data and error', submitting({ data: null, error: 'No.' }), ['input']],
  ['an answer whose error is null', submitting({ error: null }), ['input']],
  ['an answer of an empty error', submitting({ error: '' }), ['input.error']],
  ['an answer of an error of 10,001', submitting({ error: 'x'.repeat(10_001) }), ['input.error']],
  ['an answer nested 101 deep', submitting({ data: nested(101) }), ['input.data']],
  ['an answer beyond 250,000', submitting({ data: 'x'.repeat(250_000) }), ['input.data']],
  ['an answer to a channel that is none', submitting({ channelId: 'x', data: 1 }), ['input.channelId']],
  ['an answer to null', submitting({ callId: null, data: 1 }), ['input.callId']],
  ['a message to a channel that is none', publishing({ channelId: 'no channel, as it has spaces' }), ['channelId']],
  ['a message that is a list', publishing({ message: [1] }), ['message']],
  ['a message that is a text', publishing({ message: 'hello' }), ['message']],
  ['a message that is null', publishing({ message: null }), ['message']],
  ['a message nested 101 deep', publishing({ message: nested(101) }), ['message']],
  ['a message beyond 250,000', publishing({ message: { x: 'x'.repeat(250_000) } }), ['message']],
]

describe.for(Object.entries(transports))('over %s', ([, ask]) => {
  test.for([...functions, ...answers])('%s is refused, naming the field', async ([, operation, paths]) => {
    const results = await ask(service.url, operation)
    expect(new Set(codes(results))).toEqual(new Set(['BAD_USER_INPUT']))
    expect(issuePaths(results)).toEqual(paths)
  })

  test('10,000 functions are refused before any of them is validated', async () => {
    // Each of them is wrong, and would be named had it been looked at.
    const functions = Array(10_000).fill({ name: 'not a name', description: '', parameters: {} })
    expect(issuePaths(await ask(service.url, dispatching({ functions })))).toEqual(['input.functions'])
  }, 120_000)

  test.for([
    ['names of every character', declaring({ name: `$aZ_9${'x'.repeat(59)}` })],
    ['a hundred levels', declaring({ parameters: nestedSchema(100), result: { data: nested(99) } })],
    ['timeoutSeconds of 30 days', declaring({ result: { await: true }, timeoutSeconds: 2_592_000 })],
    ['nulls for what is absent', declaring({ result: null, call: null, timeoutSeconds: null })],
    ['no functions, and no calls', dispatching({ functions: [], limits: { calls: 0 } })],
    ['a message of a hundred levels', publishing({ message: nested(99) })],
  ] as const)('%s are taken', async ([, operation]) => {
    expect(codes(await ask(service.url, operation))).toEqual([])
  })
})
