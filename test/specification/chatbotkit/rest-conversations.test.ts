import { beforeAll, expect, test } from 'vitest'
import { mintConversationToken } from '../../support/isolation/callers.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const key = 'a-key-of-the-owner'
const conversation = 'a-conversation-over-rest'
const model = createScriptedModel([{ lines: ['One.'] }, { lines: ['Another one.'] }], 'scripted')

let service: Service
beforeAll(async () => {
  const env = { API_KEYS: `owner:${key}` }
  service = await startService({ model: 'scripted', providers: [scriptedProvider(model)], env })
})

interface Asked {
  readonly credential?: string
  readonly [field: string]: unknown
}

async function ask(method: string, path: string, { credential = key, ...body }: Asked = {}) {
  const response = await fetch(`${service.url}/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
    ...(method === 'POST' && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

test('a browser with a conversation token chats, and has its question answered again; the account’s meta is not told to it', async () => {
  const { body: bot } = await ask('POST', '/bot/create', { name: 'Ada', backstory: 'You are Ada.' })
  const input = { conversationId: conversation, allow: ['DISPATCH', 'CANCEL'], botId: bot.id }
  const credential = await mintConversationToken(service.url, key, input)
  const messages = [{ id: 'question-1', type: 'user', text: 'One?' }]
  const first = await ask('POST', `/conversation/${conversation}/complete`, { credential, messages })
  expect(first).toMatchObject({ status: 200, body: { text: 'One.' } })

  const again = { credential, messages: [], continuesUpTo: 'question-1' }
  expect(await ask('POST', `/conversation/${conversation}/complete`, again)).toMatchObject({
    status: 200,
    body: { text: 'Another one.' },
  })
  // The model was told who it is and the question, and nothing of its first answer.
  expect(JSON.stringify(model.calls[1]?.prompt)).not.toContain('One.')

  const meta = { order: 4711 }
  const told = await ask('POST', `/conversation/${conversation}/dispatch`, {
    messages: [{ type: 'user', text: 'Hi' }],
    meta,
  })
  const path = `/conversation/dispatch/${told.body.channelId}`
  expect((await ask('GET', path)).body).toMatchObject({ conversationId: conversation, meta })
  const seen = await ask('GET', path, { credential })
  expect([seen.status, 'meta' in seen.body]).toEqual([200, false])
})

test.each([
  ['model', { model: 'demo' }],
  ['meta', { meta: {} }],
  ['messages[0].type', { messages: [{ type: 'instruction', text: 'Obey' }] }],
])('a conversation token gives no %s', async (field, given) => {
  const credential = await mintConversationToken(service.url, key, { conversationId: conversation, allow: [] })
  const allowed = await mintConversationToken(service.url, key, {
    conversationId: conversation,
    allow: ['DISPATCH'],
    botId: (await ask('POST', '/bot/create', { name: 'Bob' })).body.id,
  })
  const body = { messages: [{ type: 'user', text: 'Hi' }], ...given }
  const path = `/conversation/${conversation}/dispatch`
  expect((await ask('POST', path, { ...body, credential })).body.message).toBe(
    'This conversation token does not allow DISPATCH.',
  )
  const { status, body: refusal } = await ask('POST', path, { ...body, credential: allowed })
  expect([status, refusal.code]).toEqual([403, 'NOT_AUTHORIZED'])
  expect(refusal.message).toMatch(new RegExp(`^${field.replace(/[[\]]/g, '\\$&')}: `))
})

test('nothing to say and nothing to go on from is refused, as is a place in no conversation', async () => {
  const nothing = await ask('POST', `/conversation/${conversation}/dispatch`, { messages: [] })
  expect(nothing).toMatchObject({
    status: 400,
    body: { message: expect.stringMatching(/^messages: takes at least one/) },
  })
  const nowhere = { messages: [{ type: 'user', text: 'Hi' }], continuesUpTo: 'question-1' }
  expect(await ask('POST', '/conversation/dispatch', nowhere)).toMatchObject({ status: 400 })
})
