import { beforeAll, expect, test } from 'vitest'
import { mintConversationToken } from '../../support/isolation/callers.ts'
import { thingsOf } from '../../support/isolation/isolation-things.ts'
import { listOf, openClient, refused, textsOf } from '../../support/openai/client.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const key = 'a-key-of-the-owner'
const model = 'demo/delayMs=0/words=8'

let service: Service
beforeAll(async () => {
  service = await startService({
    model,
    env: {
      API_KEYS: `owner:${key}`,
      TOKEN_SECRET: 'a-secret-for-tokens-of-32-characters',
      SUBSCRIPTIONS_PER_ACCOUNT: '2',
    },
  })
})

test('a conversation token chats in its conversation, as its bot, and gives nothing that is not its to give', async () => {
  const conversation = 'a-conversation-of-a-page'
  const botId = await thingsOf(service.url, key).bot()
  const input = { conversationId: conversation, botId, allow: ['DISPATCH', 'CANCEL'] }
  const { client } = openClient(service.url, await mintConversationToken(service.url, key, input))
  const ask = { input: 'Hi', conversation }
  const events = await listOf(await client.responses.create({ ...ask, stream: true }))
  expect(textsOf(events)).toHaveLength(1)
  const second = await client.responses.create({ ...ask, model: botId })
  const items = await listOf(client.responses.inputItems.list(second.id, { order: 'asc' }))
  // The bot's backstory is the account's.
  expect(items.map((item) => ('role' in item ? item.role : item.type))).toEqual(['user', 'assistant', 'user'])

  const wrong = {
    instructions: { instructions: 'Be rude.' },
    model: { model },
    tools: { tools: [{ type: 'function', name: 'look', parameters: null, strict: null }] },
    metadata: { metadata: { a: 'b' } },
    max_tool_calls: { max_tool_calls: 3 },
    input: { input: [{ role: 'developer', content: 'Be rude.' }] },
  }
  for (const [param, given] of Object.entries(wrong)) {
    const error = await refused(client.responses.create({ ...ask, ...given } as never))
    expect([error.status, error.param]).toEqual([403, param])
  }
  const elsewhere = await refused(client.responses.create({ input: 'Hi', conversation: 'another-conversation' }))
  expect(elsewhere.status).toBe(403)
  const same = { headers: { 'Idempotency-Key': 'a-key' } }
  const mine = await client.responses.create(ask, same)
  const theirs = await openClient(service.url, key).client.responses.create({ model, input: 'Hi' }, same)
  expect(theirs.id).not.toBe(mine.id)
})

test("a token's holder sees neither metadata nor what was said to the model alone", async () => {
  const conversation = 'another-conversation-of-a-page'
  const owner = openClient(service.url, key).client
  const orders = { role: 'developer', content: 'the orders' } as const
  const { id } = await owner.responses.create({
    model,
    instructions: 'the instructions',
    input: [{ role: 'user', content: 'Hi' }, orders],
    conversation,
    metadata: { of: 'mine' },
  })
  const token = await mintConversationToken(service.url, key, { conversationId: conversation })
  const holder = openClient(service.url, token).client
  const seenBy = async (client: typeof owner) =>
    JSON.stringify([
      await client.responses.retrieve(id),
      await listOf(await client.responses.retrieve(id, { stream: true })),
      await listOf(client.responses.inputItems.list(id)),
    ])
  const [own, theirs] = [await seenBy(owner), await seenBy(holder)]
  for (const hidden of ['"of":"mine"', 'the orders']) {
    expect(own).toContain(hidden)
    expect(theirs).not.toContain(hidden)
  }
  const numbers = (text: string) => [...text.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => number)
  expect(numbers(theirs)).toEqual(numbers(own))
})

test('open streams of an account are limited, and told to come again', async () => {
  const { client } = openClient(service.url, key)
  const long = { model: 'demo/delayMs=20/words=500', input: 'Hi', background: true } as const
  const { id } = await client.responses.create(long)
  const open = await Promise.all([1, 2].map(() => client.responses.retrieve(id, { stream: true })))
  const third = await refused(client.responses.retrieve(id, { stream: true }, { maxRetries: 0 }))
  expect([third.status, third.type, third.headers?.get('retry-after')]).toEqual([429, 'rate_limit_error', '5'])
  for (const stream of open) stream.controller.abort()
  await client.responses.cancel(id)
})
