import { execFileSync } from 'node:child_process'
import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { exampleFunction, inputOf, noSettings } from '../../console/src/try/settings.ts'
import { snippetsOf } from '../../console/src/try/snippets.ts'

const input = { conversationId: 'a-conversation-1', messages: [{ type: 'USER', text: `It's "so" $HOME` }] } as const
const snippets = (hasKey: boolean) => snippetsOf({ input, url: 'http://127.0.0.1:4000/graphql', hasKey })
const codeOf = (name: string, hasKey = false) => snippets(hasKey).find((each) => each.name === name)?.code ?? ''

test('the mutation is GraphQL, and its variables are what is sent', () => {
  const [document = '', variables = ''] = codeOf('GraphQL').split('# Variables\n')
  expect(parse(document).definitions).toHaveLength(1)
  expect(JSON.parse(variables)).toEqual({ input })
})

test('a shell passes the body of the curl command on as it is', () => {
  const command = codeOf('curl').replace('curl -s', 'printf "%s\\n"')
  const body = execFileSync('bash', ['-c', command], { encoding: 'utf8' }).trim().split('\n').at(-1) ?? ''
  expect(JSON.parse(body).variables).toEqual({ input })
})

test('a key is never in what is copied', () => {
  expect(codeOf('curl')).not.toContain('authorization')
  expect(codeOf('curl', true)).toContain(`-H 'authorization: Bearer YOUR_KEY'`)
  expect(codeOf('React', true)).toContain('credentials: fetchToken')
})

test('settings that are empty add nothing to a dispatch', () => {
  expect(inputOf(noSettings)).toEqual({ kind: 'input', input: {} })
})

test('settings become the input of a dispatch', () => {
  const schema = '{ "type": "object", "properties": { "a": {} } }'
  const settings = {
    ...noSettings,
    model: 'demo/words=3',
    backstory: 'You are brief.',
    functions: [
      { ...exampleFunction, schema },
      { ...exampleFunction, name: 'known', answer: 'data' as const, data: '0' },
      { ...exampleFunction, name: 'mine', answer: 'caller' as const },
    ],
    knowledge: 'One.\n\nTwo,\nof two lines.\n\n\n',
    iterations: '3',
    isPausing: true,
  }
  const parameters = JSON.parse(exampleFunction.parameters)
  const { description } = exampleFunction
  expect(inputOf(settings)).toEqual({
    kind: 'input',
    input: {
      model: 'demo/words=3',
      backstory: 'You are brief.',
      functions: [
        { name: 'ask_human', description, parameters, result: { await: true } },
        { name: 'known', description, parameters, result: { data: 0 } },
        { name: 'mine', description, parameters },
      ],
      extensions: { datasets: [{ name: 'Knowledge', records: [{ text: 'One.' }, { text: 'Two,\nof two lines.' }] }] },
      limits: { iterations: 3, whenReached: 'PAUSE' },
      meta: { answerSchemas: { ask_human: { type: 'object', properties: { a: {} } } } },
    },
  })
})

test.each([
  [{ iterations: 'many' }, /iterations/],
  [{ functions: [{ ...exampleFunction, parameters: '{' }] }, /The parameters of ask_human/],
])('settings that cannot be read say why', (changes, message) => {
  const reading = inputOf({ ...noSettings, ...changes })
  expect(reading.kind === 'problem' && reading.message).toMatch(message)
})
