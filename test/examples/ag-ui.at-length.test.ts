import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { botThatAsks } from '../support/approval/approval.ts'
import { test } from '../support/browser/browser.ts'
import { buildExample, serveBuilt } from '../support/client/example-page.ts'
import { dataOf, mintConversationToken } from '../support/isolation/callers.ts'
import { inScope } from '../support/lifetime/opened.ts'
import { freePort, startRedis } from '../support/redis/redis-server.ts'
import { type ServiceProcess, startProcess } from '../support/service/start-process.ts'

const key = 'a-key-of-the-owner'
const authorization = `Bearer ${key}`

let built: Awaited<ReturnType<typeof buildExample>>
let env: Readonly<Record<string, string>>
let api: ServiceProcess
let botId: string
let workers: ServiceProcess[]
let inFile: ReturnType<typeof inScope>
beforeAll(async () => {
  inFile = inScope()
  const redis = await startRedis()
  env = {
    REDIS_URL: redis.url,
    API_KEYS: `owner:${key}`,
    TOKEN_SECRET: 'the-secret-that-signs-the-tokens-here',
    PORT: String(await freePort()),
    LEASE_MS: '1000',
    DEFAULT_MODEL: 'demo/delayMs=15/words=90',
  }
  const started = await Promise.all([
    buildExample('ag-ui'),
    startProcess('api', env),
    startProcess('worker', env),
    startProcess('worker', env),
  ])
  ;[built, api] = started
  workers = [started[2], started[3]]
  const query = 'mutation ($input: BotInput!) { made: createBot(input: $input) { id } }'
  const call = { query, variables: { input: { name: 'Ada' } }, authorization }
  botId = (await dataOf<{ made: { id: string } }>(api.url, call)).made.id
})

/** A visitor with a conversation of its own, on the built page of the example. */
async function visit(visitor: BrowserContext, bot = botId) {
  const conversationId = crypto.randomUUID()
  const input = { conversationId, botId: bot, allow: ['DISPATCH', 'CANCEL', 'ANSWER'], expiresInSeconds: 3600 }
  const token = await mintConversationToken(api.url, key, input)
  await serveBuilt(visitor, built)
  await visitor.route('**/my-chat', (route) => route.fulfill({ json: { conversationId, token } }))
  const complaints: string[] = []
  const page = await visitor.newPage()
  page.on('pageerror', ({ message }) => complaints.push(message))
  await page.goto(`${api.url}/chat`)
  const said = async () => {
    const query = 'query ($id: ID!) { conversation(id: $id) { messages { type text } } }'
    const call = { query, variables: { id: conversationId }, authorization }
    const { conversation } = await dataOf<{ conversation: { messages: { text: string }[] } }>(api.url, call)
    return conversation.messages.map(({ text }) => text)
  }
  return { page, said, conversationId, complaints }
}

const say = async (page: Page, text: string) => {
  await untilReady(page)
  await page.getByLabel('Message').fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}
const shown = (page: Page) => page.locator('li').allTextContents()
const untilAnswering = (page: Page, messages: number) =>
  expect
    .poll(async () => [(await shown(page)).length, ((await shown(page)).at(-1)?.length ?? 0) > 40], {
      interval: 10,
      timeout: 20_000,
    })
    .toEqual([messages, true])
const untilReady = (page: Page) =>
  expect.poll(() => page.locator('output').textContent(), { timeout: 20_000 }).toBe('ready')

test('an API killed in mid-stream, a worker killed in mid-answer and a reload are not noticed: each answer is whole, once', async ({
  visitor,
}) => {
  const { page, said, complaints } = await visit(visitor)
  await say(page, 'Hello?')
  await untilAnswering(page, 2)
  await api.kill('SIGKILL')
  api = await inFile(() => startProcess('api', env))
  await untilReady(page)
  const first = await said()
  expect([first.length, first.at(-1)?.split(/\s+/).length]).toEqual([2, 90])
  expect(await shown(page)).toEqual(first)

  await say(page, 'And?')
  await untilAnswering(page, 4)
  const busy = workers.map((worker) => worker.kill('SIGKILL'))
  workers = [await inFile(() => startProcess('worker', env))]
  await Promise.all(busy)
  await page.reload()
  await untilReady(page)
  const second = await said()
  expect([second.length, second.at(-1)?.split(/\s+/).length]).toEqual([4, 90])
  expect(await shown(page)).toEqual(second)
  expect(complaints).toEqual([])
})

test('Stop ends an answer as far as it came; what a run waits for is answered by a button, after a reload', async ({
  visitor,
}) => {
  const { page, said, conversationId, complaints } = await visit(visitor)
  await say(page, 'Hello?')
  await untilAnswering(page, 2)
  await page.getByRole('button', { name: 'Stop' }).click()
  await untilReady(page)
  expect(await shown(page)).toEqual(await said())

  const functions = [
    { name: 'ask_human', description: 'Asks', parameters: { type: 'object' }, result: { await: true } },
  ]
  const messages = [{ type: 'USER', text: 'Please call ask_human: may I?' }]
  const query = 'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
  await dataOf(api.url, { query, variables: { input: { conversationId, messages, functions } }, authorization })
  await page.reload()
  await page.getByRole('button', { name: 'Yes' }).click()
  await untilReady(page)
  const whole = (await said()).filter((text) => text !== '')
  expect(whole).toHaveLength(4)
  expect(await shown(page)).toEqual(whole)
  expect(complaints).toEqual([])
})

test('an ability is approved by a button, after a reload, and denied by another', async ({ visitor }) => {
  const { page, conversationId, complaints } = await visit(visitor, await botThatAsks(api.url, authorization))
  const results = async () => {
    const query = 'query ($id: ID!) { conversation(id: $id) { messages { meta } } }'
    const call = { query, variables: { id: conversationId }, authorization }
    const { conversation } = await dataOf<{ conversation: { messages: { meta: unknown }[] } }>(api.url, call)
    return conversation.messages.flatMap(({ meta }) => {
      const { activity } = (meta ?? {}) as { activity?: { type: string; function: { result: unknown } } }
      return activity?.type === 'response' ? [JSON.stringify(activity.function.result)] : []
    })
  }
  await say(page, 'Please call send_mail with text: one')
  await page.getByRole('button', { name: 'Yes' }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'Yes' }).click()
  await expect.poll(results, { timeout: 20_000 }).toEqual(['"Sent: one"'])
  await say(page, 'Please call send_mail with text: two')
  await page.getByRole('button', { name: 'No' }).click()
  await expect.poll(results, { timeout: 20_000 }).toEqual(['"Sent: one"', expect.stringMatching(/denied|cancelled/)])
  await untilReady(page)
  expect(complaints).toEqual([])
})
