import { beforeAll, expect, test } from 'vitest'
import { channelIdOf, codes, dispatchMutation, issuePaths, transports } from '../../server/ask.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const { HTTP, WebSocket } = transports

let service: Service
beforeAll(async () => {
  service = await startService()
})

/** A schema whose cost nobody knows beforehand, so that a helper process reads it. */
function referring(pattern: string) {
  const $defs = { word: { type: 'string', pattern } }
  return { type: 'object', properties: { word: { $ref: '#/$defs/word' } }, required: ['word'], $defs }
}

/** A dispatch whose model calls a function of these parameters. */
function calling(parameters: object) {
  const look = { name: 'look_up', description: 'Looks up.', parameters, result: { data: { found: true } } }
  const messages = [{ type: 'USER', text: 'Please call look_up with word=tea' }]
  const input = { messages, model: 'demo/delayMs=0/words=5', functions: [look] }
  return { query: dispatchMutation, variables: { input } }
}

test.each([
  ['match', '^tea$', ['FunctionCallCompleted']],
  ['do not match', '^coffee$', ['FunctionCallFailed']],
])('a schema is taken, and arguments that %s it are checked, in a helper', async (_what, pattern, expected) => {
  const [accepted] = await HTTP(service.url, calling(referring(pattern)))
  const query = 'subscription ($channelId: ID!) { channelEvents(channelId: $channelId) { __typename } }'
  const events = await WebSocket(service.url, { query, variables: { channelId: channelIdOf(accepted) } })
  const types = events.map(
    ({ data }) => (data?.['channelEvents'] as { __typename: string } | undefined)?.__typename ?? '',
  )
  expect(types.filter((type) => /^FunctionCall(Completed|Failed)$/.test(type))).toEqual(expected)
  expect(types.at(-1)).toBe('DispatchCompleted')
})

test('a schema that a helper cannot read is refused by its field', async () => {
  const refused = await HTTP(service.url, calling(referring('(')))
  expect(codes(refused)).toEqual(['BAD_USER_INPUT'])
  expect(issuePaths(refused)).toEqual(['input.functions.0.parameters'])
})
