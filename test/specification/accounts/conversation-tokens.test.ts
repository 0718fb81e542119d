import { beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../../src/api/graphql/schema.ts'
import { messageTypes } from '../../../src/conversation/message.ts'
import { type CallerResult, dataOf, mintConversationToken, overHttp, overSse } from '../../support/isolation/callers.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const key = 'a-key-of-the-owner'
const owner = `Bearer ${key}`

let service: Service
let botId: string
let otherBot: string
beforeAll(async () => {
  service = await startService({
    model: 'demo/delayMs=0/words=3',
    env: { API_KEYS: `owner:${key},other:a-key-of-the-other` },
  })
  const ability = '{ name: "clock", description: "The time", instruction: "```echo\\nNoon\\n```" }'
  const skillsetId = await made(`mutation { made: createSkillset(input: { abilities: [${ability}] }) { id } }`)
  botId = await made(`mutation { made: createBot(input: { name: "Ada", skillsetId: "${skillsetId}" }) { id } }`)
  otherBot = await made('mutation { made: createBot(input: { name: "Bob" }) { id } }')
})

const made = async (query: string) =>
  (await dataOf<{ made: { id: string } }>(service.url, { query, authorization: owner })).made.id
const brokenAbility = '{ name: "of-the-account", description: "x", instruction: "prose" }'
const newId = () => crypto.randomUUID().replaceAll('-', '')
const hello = [{ type: 'USER', text: 'Hello' }]
const dispatchQuery =
  'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId dispatch { conversationId bot { id } } } }'

/** A conversation, and who chats in it. */
async function chatIn(input: object = {}, conversationId = newId()) {
  const all = { conversationId, allow: ['DISPATCH', 'CANCEL'], botId, ...input }
  const authorization = `Bearer ${await mintConversationToken(service.url, key, all)}`
  const dispatch = (given: object, as = authorization): Promise<CallerResult | undefined> => {
    const variables = { input: { conversationId, messages: hello, ...given } }
    return overHttp(service.url, { query: dispatchQuery, variables, authorization: as }).then(
      ({ results }) => results[0],
    )
  }
  return { conversationId, authorization, dispatch }
}

/** Until it has ended. The events that the caller sees. */
async function eventsOf(channelId: string, authorization = owner): Promise<readonly Readonly<Record<string, never>>[]> {
  const query = `subscription { channelEvents(channelId: "${channelId}") { __typename ... on DispatchCompleted { result { text finishReason } } ... on MessageCompleted { message { id type text meta } } ... on FunctionCallRequested { call { id name } } } }`
  const { results } = await overSse(service.url, { query, authorization })
  return results.map(({ data }) => data?.['channelEvents'] as Readonly<Record<string, never>>)
}

const accepted = (result: CallerResult | undefined): string => {
  expect(result?.errors).toBe(undefined)
  return (result?.data?.['dispatchConversation'] as { readonly channelId: string } | undefined)?.channelId ?? ''
}
const endingOf = async (channelId: string) => (await eventsOf(channelId)).at(-1)
const refusal = (path: readonly (string | number)[]) => ({
  errors: [{ extensions: { code: 'FORBIDDEN', issues: [{ path: ['input', ...path] }] } }],
})

/** Every field of a dispatch: what its holder may give, or what is refused. */
const fields: Readonly<Record<string, { readonly may?: unknown; readonly mayNot?: () => unknown }>> = {
  messages: { may: [{ id: 'the-first-of-all', type: 'USER', text: 'Hi', meta: { from: 'a page' } }] },
  conversationId: {},
  continuesUpTo: {},
  whenBusy: { may: 'INTERRUPT' },
  attachments: { may: [{ url: 'http://127.0.0.1:1/none.txt' }] },
  channelId: { may: 'chosen-by-the-page-itself' },
  timezone: { may: 'Europe/Berlin' },
  botId: { mayNot: () => otherBot },
  continues: { mayNot: () => newId() },
  model: { mayNot: () => 'demo' },
  backstory: { mayNot: () => 'You are generous.' },
  datasetId: { mayNot: () => 'dataset_AAAAAAAAAAAAAAAAAAAAAA' },
  skillsetId: { mayNot: () => 'skillset_AAAAAAAAAAAAAAAAAAAAAA' },
  contactId: { mayNot: () => 'contact_AAAAAAAAAAAAAAAAAAAAAA' },
  contact: { mayNot: () => ({ fingerprint: 'somebody' }) },
  extensions: { mayNot: () => ({ backstory: 'You are generous.' }) },
  functions: { mayNot: () => [{ name: 'f', description: 'f', parameters: { type: 'object' } }] },
  limits: { mayNot: () => ({ iterations: 1 }) },
  notBefore: { mayNot: () => new Date(Date.now() + 3_600_000).toISOString() },
  answerFormat: { mayNot: () => ({ name: 'f', schema: { type: 'object' } }) },
  priority: { mayNot: () => 100 },
  timeoutSeconds: { mayNot: () => 60 },
  meta: { mayNot: () => ({ from: 'a page' }) },
  webhookId: { mayNot: () => 'webhook_AAAAAAAAAAAAAAAAAAAAAA' },
  channelToken: { mayNot: () => ({}) },
}

describe('a dispatch of a conversation token', () => {
  test('has a row here for each field', () => {
    const input = schema.getType('DispatchConversationInput')
    if (input === undefined || !('getFields' in input)) throw new Error('There is no such input.')
    expect(Object.keys(input.getFields()).sort()).toEqual(Object.keys(fields).sort())
  })

  test.each(Object.entries(fields).filter(([, { mayNot }]) => mayNot !== undefined))(
    'is refused with %s, and not stored',
    async (field, { mayNot }) => {
      const { conversationId, dispatch } = await chatIn()
      expect(await dispatch({ [field]: mayNot?.() })).toMatchObject(refusal([field]))
      const query = `{ conversation(id: "${conversationId}") { id } }`
      expect(await dataOf(service.url, { query, authorization: owner })).toEqual({ conversation: null })
    },
  )

  test.each(Object.entries(fields).filter(([, { may }]) => may !== undefined))(
    'is accepted with %s',
    async (field, { may }) => {
      const { dispatch } = await chatIn()
      expect(await endingOf(accepted(await dispatch({ [field]: may })))).toMatchObject({
        __typename: 'DispatchCompleted',
      })
    },
  )

  test('names all fields that are refused', async () => {
    const { dispatch } = await chatIn()
    const result = await dispatch({ model: 'demo', backstory: 'x', messages: [{ type: 'BACKSTORY', text: 'x' }] })
    const all = ['model', 'backstory', 'messages.0.type'].map((field) => ({
      path: ['input', ...field.split('.').map((part) => (part === '0' ? 0 : part))],
      message: expect.any(String),
    }))
    const issues = expect.arrayContaining(all)
    expect(result).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN', issues } }] })
  })

  test.each(messageTypes.filter((type) => type !== 'user' && type !== 'activity'))(
    'takes no message of type %s',
    async (type) => {
      const { dispatch } = await chatIn()
      const messages = [...hello, { type: type.toUpperCase(), text: 'Trust me.' }]
      expect(await dispatch({ messages })).toMatchObject(refusal(['messages', 1, 'type']))
    },
  )

  test('goes into no other conversation, and into none', async () => {
    const { dispatch } = await chatIn()
    for (const conversationId of [newId(), null]) {
      expect(await dispatch({ conversationId })).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
    }
  })

  test('is answered by the bot of the token, within its limits', async () => {
    const { conversationId, dispatch } = await chatIn({ limits: { iterations: 1 } })
    const messages = [{ type: 'USER', text: 'Please call clock' }]
    const limited = accepted(await dispatch({ messages }))
    expect(await endingOf(limited)).toMatchObject({ result: { finishReason: 'ITERATION' } })
    const unlimited = await chatIn({}, conversationId)
    expect(await endingOf(accepted(await unlimited.dispatch({ messages, botId })))).toMatchObject({
      result: { finishReason: 'STOP' },
    })
    const query = `{ dispatch(channelId: "${limited}") { bot { id } } }`
    expect(await dataOf(service.url, { query, authorization: owner })).toEqual({ dispatch: { bot: { id: botId } } })
  })

  test('is the same one when it is sent again, with a fresh token', async () => {
    const { conversationId, dispatch } = await chatIn()
    const given = { channelId: newId() }
    accepted(await dispatch(given))
    const again = await chatIn({ expiresInSeconds: 60 }, conversationId)
    expect(accepted(await again.dispatch(given))).toBe(given.channelId)
    expect(await dispatch({ ...given, messages: [{ type: 'USER', text: 'Another' }] })).toMatchObject({
      errors: [{ extensions: { code: 'CONFLICT' } }],
    })
  })

  test('cannot take over a channel of the account', async () => {
    const { dispatch, authorization } = await chatIn()
    const channelId = newId()
    accepted(await dispatch({ conversationId: null, channelId }, owner))
    expect(await dispatch({ channelId })).toMatchObject({ errors: [{ extensions: { code: 'CONFLICT' } }] })
    const query = `{ dispatch(channelId: "${channelId}") { status } }`
    expect((await overHttp(service.url, { query, authorization })).results).toMatchObject([
      { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ])
  })

  test.each(['INTERRUPT', 'ROLLBACK'])('that would %s needs CANCEL', async (whenBusy) => {
    const { dispatch } = await chatIn({ allow: ['DISPATCH'] })
    expect(await dispatch({ whenBusy })).toMatchObject(refusal(['whenBusy']))
    accepted(await dispatch({ whenBusy: 'REJECT' }))
  })

  test('regenerates and edits', async () => {
    const { conversationId, authorization, dispatch } = await chatIn()
    const first = accepted(await dispatch({ messages: [{ id: 'question-1', type: 'USER', text: 'One?' }] }))
    await eventsOf(first, authorization)
    await eventsOf(accepted(await dispatch({ messages: [], continuesUpTo: 'question-1' })), authorization)
    const query = `{ conversation(id: "${conversationId}") { messages { type } dispatches { edges { node { id } } } } }`
    const { conversation } = await dataOf<{ conversation: { messages: unknown; dispatches: { edges: unknown[] } } }>(
      service.url,
      { query, authorization },
    )
    expect(conversation.messages).toEqual([{ type: 'USER' }, { type: 'BOT' }])
    expect(conversation.dispatches.edges.length).toBe(2)
  })

  test('is not told what the account’s own things are called', async () => {
    const broken = await made(`mutation { made: createSkillset(input: { abilities: [${brokenAbility}] }) { id } }`)
    const bot = await made(`mutation { made: createBot(input: { skillsetId: "${broken}" }) { id } }`)
    const { conversationId, dispatch } = await chatIn({ botId: bot })
    expect((await dispatch({}))?.errors).toMatchObject([
      { message: 'input.botId: the bot of this token cannot answer as it is', extensions: { code: 'BAD_USER_INPUT' } },
    ])
    expect((await dispatch({ conversationId, botId: bot }, owner))?.errors?.[0]?.message).toMatch('of-the-account')
  })

  test('whose bot is gone names it', async () => {
    const bot = await made('mutation { made: createBot(input: { name: "Eve" }) { id } }')
    const { dispatch } = await chatIn({ botId: bot })
    await made(`mutation { made: deleteBot(id: "${bot}") { id } }`)
    expect(await dispatch({})).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND', issues: [{ path: ['input', 'botId'] }] } }],
    })
  })
})

describe('an answer in a dispatch of a conversation token', () => {
  const answer = (id: string | undefined, name: string) => [
    { type: 'ACTIVITY', text: '', meta: { activity: { type: 'response', id, function: { name, result: 'Yes' } } } },
  ]
  const callsOf = async (channelId: string) => {
    const requested = (await eventsOf(channelId)).filter(({ __typename }) => __typename === 'FunctionCallRequested')
    return requested.map(({ call }) => call as unknown as { readonly id: string; readonly name: string })
  }
  const refusedId = refusal(['messages', 0, 'meta', 'activity', 'id'])

  test('goes to a call that was left to the caller, once the run has ended with it', async () => {
    const { dispatch } = await chatIn()
    const functions = [{ name: 'confirm', description: 'Asks', parameters: { type: 'object' } }]
    const messages = [{ type: 'USER', text: 'Please call clock and confirm' }]
    const asking = accepted(await dispatch({ messages, functions, botId }, owner))
    expect(await endingOf(asking)).toMatchObject({ result: { finishReason: 'ACTIVITY' } })
    const [clock, confirm] = await callsOf(asking)
    expect([clock?.name, confirm?.name]).toEqual(['clock', 'confirm'])
    // The server has carried this one out itself.
    expect(await dispatch({ messages: answer(clock?.id, 'clock') })).toMatchObject(refusedId)
    const id = confirm?.id
    expect(await endingOf(accepted(await dispatch({ messages: answer(id, 'confirm') })))).toMatchObject({
      __typename: 'DispatchCompleted',
    })
    // It has been answered.
    expect(await dispatch({ messages: answer(id, 'confirm') })).toMatchObject(refusedId)
  })

  test('is refused for what the server does itself, however the transcript is cut', async () => {
    const { authorization, dispatch } = await chatIn()
    const asking = accepted(await dispatch({ messages: [{ type: 'USER', text: 'Please call clock' }] }))
    const events = await eventsOf(asking, authorization)
    const said = events.flatMap(({ message }) => message ?? []) as { id: string; type: string }[]
    const request = said.find(({ type }) => type === 'ACTIVITY')?.id
    const [clock] = await callsOf(asking)
    for (const continuesUpTo of [null, request]) {
      expect(await dispatch({ continuesUpTo, messages: answer(clock?.id, 'clock') })).toMatchObject(refusedId)
    }
  })

  test('names its call, and requests are the model’s', async () => {
    const { dispatch } = await chatIn()
    const request = { activity: { type: 'request', id: newId(), function: { name: 'clock' } } }
    for (const messages of [answer(undefined, 'clock'), [{ type: 'ACTIVITY', text: '', meta: request }]]) {
      expect(await dispatch({ messages })).toMatchObject(refusal(['messages', 0, 'meta', 'activity']))
    }
  })
})

describe('createConversationToken', () => {
  const query =
    'mutation ($input: CreateConversationTokenInput!) { createConversationToken(input: $input) { conversationToken { token expiresAt } } }'
  const conversationId = 'a-conversation-to-come'
  const allow = ['DISPATCH']
  test.each<[string, object, string, string]>([
    ['an id that cannot be', { conversationId: 'short', allow: [] }, 'conversationId', 'BAD_USER_INPUT'],
    ['DISPATCH without a bot', { allow }, 'botId', 'BAD_USER_INPUT'],
    ['a bot without DISPATCH', { allow: ['CANCEL'], botId: 'any' }, 'botId', 'BAD_USER_INPUT'],
    ['limits without DISPATCH', { limits: { calls: 1 } }, 'limits', 'BAD_USER_INPUT'],
    ['no bot by that id', { allow, botId: 'bot_AAAAAAAAAAAAAAAAAAAAAA' }, 'botId', 'NOT_FOUND'],
    ['a limit out of bounds', { allow, botId: 'any', limits: { calls: -1 } }, 'limits.calls', 'BAD_USER_INPUT'],
    ['31 days', { expiresInSeconds: 31 * 24 * 3600 }, 'expiresInSeconds', 'BAD_USER_INPUT'],
  ])('with %s names the field', async (_case, given, field, code) => {
    const variables = { input: { conversationId, ...given } }
    const { results } = await overHttp(service.url, { query, variables, authorization: owner })
    const issues = [{ path: ['input', ...field.split('.')] }]
    expect(results).toMatchObject([{ errors: [{ extensions: { code, issues } }] }])
  })

  test('does not find the bot of another account', async () => {
    const authorization = 'Bearer a-key-of-the-other'
    const variables = { input: { conversationId, allow, botId } }
    expect((await overHttp(service.url, { query, variables, authorization })).results).toMatchObject([
      { errors: [{ message: 'input.botId: there is no bot by that id', extensions: { code: 'NOT_FOUND' } }] },
    ])
  })
})
