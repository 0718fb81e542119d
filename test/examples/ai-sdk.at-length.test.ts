import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { botThatAsks } from '../support/approval/approval.ts'
import { test } from '../support/browser/browser.ts'
import { startTokens } from '../support/client/chat-example.ts'
import { buildExample, serveBuilt } from '../support/client/example-page.ts'
import { dataOf, mintConversationToken } from '../support/isolation/callers.ts'
import { inScope } from '../support/lifetime/opened.ts'
import { freePort, startRedis } from '../support/redis/redis-server.ts'
import { type ServiceProcess, startProcess } from '../support/service/start-process.ts'

const key = 'a-key-of-the-owner'
const authorization = `Bearer ${key}`
const askHuman = { name: 'ask_human', description: 'Asks', parameters: { type: 'object' } }

let built: Awaited<ReturnType<typeof buildExample>>
let env: Readonly<Record<string, string>>
let api: ServiceProcess
let botId: string
let slowBot: string
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
    buildExample('ai-sdk'),
    startProcess('api', env),
    startProcess('worker', env),
    startProcess('worker', env),
  ])
  ;[built, api] = started
  workers = [started[2], started[3]]
  const botOf = async (model: string) => {
    const query = 'mutation ($input: BotInput!) { made: createBot(input: $input) { id } }'
    const call = { query, variables: { input: { name: 'Ada', model } }, authorization }
    return (await dataOf<{ made: { id: string } }>(api.url, call)).made.id
  }
  botId = await botOf('demo/delayMs=15/words=90')
  slowBot = await botOf('demo/delayMs=20/words=20000')
})

interface Visit {
  /** What the page is told of its chat instead of a token. */
  readonly mine?: object
  readonly botId?: string
  /** The token server of the example, asked for all of it. */
  readonly tokens?: string
}

/** A visitor with a conversation of its own, on the built page of the example. */
async function visit(visitor: BrowserContext, { mine: given, botId: bot = botId, tokens }: Visit = {}) {
  let conversationId: string = crypto.randomUUID()
  const input = { conversationId, botId: bot, allow: ['DISPATCH', 'CANCEL', 'ANSWER'], expiresInSeconds: 3600 }
  const mine = given ?? { token: await mintConversationToken(api.url, key, input) }
  await serveBuilt(visitor, built)
  await visitor.route('**/my-chat', async (route) => {
    if (tokens === undefined) return route.fulfill({ json: { conversationId, ...mine } })
    const response = await route.fetch({ url: tokens })
    const minted = (await response.json()) as { readonly conversationId: string }
    conversationId = minted.conversationId
    return route.fulfill({ response })
  })
  const complaints: string[] = []
  const open = async () => {
    const page = await visitor.newPage()
    page.on('pageerror', ({ message }) => complaints.push(message))
    await page.goto(`${api.url}/chat`)
    return page
  }
  const said = async () => {
    const response = await fetch(`${api.url}/ai-sdk/chat/${conversationId}/messages`, { headers: { authorization } })
    const messages = (await response.json()) as { parts: { text?: string }[] }[]
    return messages.map(({ parts }) => parts.map(({ text = '' }) => text).join(''))
  }
  return { open, said, complaints }
}

const say = async (page: Page, text: string) => {
  await page.getByLabel('Message').fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}
const shown = (page: Page) => page.locator('li').allTextContents()
const lengthOf = async (page: Page) => (await shown(page)).at(-1)?.length ?? 0
const untilAnswering = (page: Page, messages: number) =>
  expect
    .poll(async () => (await shown(page)).length === messages && (await lengthOf(page)) > 40, {
      interval: 10,
      timeout: 20_000,
    })
    .toBe(true)
const untilReady = (page: Page) =>
  expect.poll(() => page.locator('output').textContent(), { timeout: 20_000 }).toBe('ready')
/** The page shows what the conversation has said, and nothing twice. */
const untilWhole = async (page: Page, said: () => Promise<readonly string[]>, messages: number) => {
  await untilReady(page)
  const texts = await said()
  expect(texts).toHaveLength(messages)
  expect(texts.at(-1)?.split(/\s+/).length).toBe(90)
  expect(await shown(page)).toEqual(texts)
}

test('a reload and a second tab in mid-answer show it whole, once; Regenerate replaces it', async ({ visitor }) => {
  const tokens = await startTokens('ai-sdk', { BACKCHANNEL_URL: api.url, BACKCHANNEL_KEY: key, BOT_ID: botId })
  const { open, said, complaints } = await visit(visitor, { tokens })
  const page = await open()
  await say(page, 'Hello?')
  await untilAnswering(page, 2)
  await page.reload()
  await untilAnswering(page, 2)
  const second = await open()
  await untilWhole(page, said, 2)
  await untilWhole(second, said, 2)
  await page.getByRole('button', { name: 'Regenerate' }).click()
  await untilAnswering(page, 2)
  await untilWhole(page, said, 2)
  expect(complaints).toEqual([])
})

test('Stop ends an answer in every tab, as far as it came', async ({ visitor }) => {
  const { open, said, complaints } = await visit(visitor, { botId: slowBot })
  const page = await open()
  await say(page, 'Hello?')
  await untilAnswering(page, 2)
  const second = await open()
  await untilAnswering(second, 2)
  await page.getByRole('button', { name: 'Stop' }).click()
  await Promise.all([untilReady(page), untilReady(second)])
  const half = await said()
  expect([await shown(page), await shown(second)]).toEqual([half, half])
  await second.reload()
  await untilReady(second)
  expect(await shown(second)).toEqual(half)
  expect(complaints).toEqual([])
})

test('an answer that a proxy has cut, and ended cleanly, is whole', async ({ visitor }) => {
  const { open, said, complaints } = await visit(visitor)
  let cuts = 0
  await visitor.route('**/ai-sdk/chat', async (route) => {
    const response = await route.fetch()
    const frames = (await response.text()).split('\n\n')
    cuts += 1
    await route.fulfill({ response, body: `${frames.slice(0, frames.length / 2).join('\n\n')}\n\n` })
  })
  const page = await open()
  await say(page, 'Hello?')
  await expect.poll(async () => (await shown(page)).at(-1)?.split(/\s+/).length, { timeout: 20_000 }).toBe(90)
  await untilWhole(page, said, 2)
  expect([cuts, complaints]).toEqual([1, []])
})

test('an API that is killed in mid-answer and started again is not noticed', async ({ visitor }) => {
  const { open, said, complaints } = await visit(visitor)
  const page = await open()
  await say(page, 'Hello?')
  await untilAnswering(page, 2)
  await api.kill('SIGKILL')
  api = await inFile(() => startProcess('api', env))
  await untilWhole(page, said, 2)
  expect(complaints).toEqual([])
})

test('an answer whose worker is killed is whole, once', async ({ visitor }) => {
  const { open, said, complaints } = await visit(visitor)
  const page = await open()
  await say(page, 'Hello?')
  await untilAnswering(page, 2)
  const busy = workers.map((worker) => worker.kill('SIGKILL'))
  workers = [await inFile(() => startProcess('worker', env))]
  await Promise.all(busy)
  await untilWhole(page, said, 2)
  expect(complaints).toEqual([])
})

test('a tool of the page is answered by its buttons, also after a reload', async ({ visitor }) => {
  const { open, said, complaints } = await visit(visitor, { mine: { token: key, body: { functions: [askHuman] } } })
  const page = await open()
  await say(page, 'Please call ask_human: may I?')
  await page.getByRole('button', { name: 'Yes' }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'Yes' }).click()
  await untilReady(page)
  const [question, answer] = await shown(page)
  expect([question, answer?.slice(0, 3)]).toEqual(['Please call ask_human: may I?', 'Yes'])
  expect(answer?.slice(3)).toEqual((await said()).at(-1))
  expect(complaints).toEqual([])
})

test('an ability is approved after a reload, or denied in another tab: the first verdict counts in both', async ({
  visitor,
}) => {
  const { open, said, complaints } = await visit(visitor, { botId: await botThatAsks(api.url, authorization) })
  const page = await open()
  const asking = async (text: string) => {
    await say(page, `Please call send_mail with text: ${text}`)
    await page.getByRole('button', { name: 'Approve' }).waitFor()
  }
  const verdicts = (of: Page) => of.locator('li em').allTextContents()
  /** The page shows the verdict, and what the model has made of it, as the conversation has it. */
  const untilTold = async (of: Page, verdict: string, messages: number) => {
    await of.getByText(verdict, { exact: true }).waitFor()
    await untilReady(of)
    const texts = await said()
    expect(texts).toHaveLength(messages)
    const last = (await shown(of)).at(-1)
    expect(last?.endsWith(`${verdict}${texts.at(-1)}`), last).toBe(true)
  }
  await asking('one')
  await page.reload()
  await page.getByRole('button', { name: 'Approve' }).click()
  await untilTold(page, 'Sent: one', 2)

  await asking('two')
  const second = await open()
  await second.getByRole('button', { name: 'Deny' }).click()
  await untilTold(second, 'Denied', 4)
  await page.getByRole('button', { name: 'Approve' }).click()
  await untilTold(page, 'Denied', 4)
  expect(await verdicts(page)).toEqual(['Sent: one', 'Denied'])
  await second.reload()
  await untilTold(second, 'Denied', 4)
  expect(await second.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  expect(complaints).toEqual([])
})
