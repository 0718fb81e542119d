import type { Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { test } from '../support/browser/browser.ts'
import {
  bundlePage,
  conversationPage,
  countingPage,
  hydratedPage,
  readmePage,
  recordStates,
  recordSubscriptions,
  type Shown,
  servePage,
} from '../support/client/chat-page.ts'
import { packClient } from '../support/client/packed-client.ts'
import { inScope } from '../support/lifetime/opened.ts'
import { replacedOnce } from '../support/proxy/nginx.ts'
import { freePort, startRedis } from '../support/redis/redis-server.ts'
import { type EndlessProvider, startEndlessProvider } from '../support/run/endless-provider.ts'
import { type ServiceProcess, startProcess } from '../support/service/start-process.ts'
import { startService } from '../support/service/start-service.ts'

const defaultModel = 'demo/delayMs=15/words=250'
const withTokens = replacedOnce(
  readmePage,
  "createBackchannel({ url: '/graphql' })",
  `createBackchannel({
    url: '/graphql',
    credentials: { forChannel: async (channelId) => (await fetch('/my-tokens/' + channelId)).text() },
  })`,
)

interface Frame {
  readonly renders: number
  readonly ms: number
}

let [readme, guarded, counting, hydrated, conversation] = ['', '', '', '', '']
let endless: EndlessProvider
let api: ServiceProcess
let restart: () => Promise<void>
beforeAll(async () => {
  const client = packClient()
  const [redis, port] = [await startRedis(), await freePort()]
  endless = await startEndlessProvider()
  const models = { ...endless.env, DEFAULT_MODEL: defaultModel }
  const env = { ...models, REDIS_URL: redis.url, PORT: String(port), TOKEN_SECRET: 'x'.repeat(43) }
  const inFile = inScope()
  restart = async () => {
    api = await inFile(() => startProcess('api', env))
  }
  await startService({ redisUrl: redis.url, role: 'worker', model: defaultModel, env: models })
  ;[readme, guarded, counting, hydrated, conversation] = await Promise.all([
    bundlePage(client, readmePage, 'development'),
    bundlePage(client, withTokens, 'development'),
    bundlePage(client, countingPage, 'production'),
    bundlePage(client, hydratedPage, 'development'),
    bundlePage(client, conversationPage, 'development'),
    restart(),
  ])
})

async function ask(query: string) {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${api.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
  return (await response.json()).data
}

async function dispatch(model = defaultModel): Promise<string> {
  const input = `{ model: "${model}", messages: [{ type: USER, text: "Hello" }] }`
  return (await ask(`mutation { dispatchConversation(input: ${input}) { channelId } }`)).dispatchConversation.channelId
}

const answerIn = async (page: Page) => (await page.locator('p').nth(1).textContent()) ?? ''
const untilLength = (page: Page, length: number) =>
  expect.poll(async () => (await answerIn(page)).length, { timeout: 30_000 }).toBeGreaterThan(length)

/** No state of a page shows anything but what the user said and a beginning of the answer, never less of it than before. */
function expectGrowing(life: readonly Shown[], said: string, whole: string): void {
  let before = ''
  expect(life.length).toBeGreaterThan(2)
  for (const { texts } of life) {
    const [user = said, text = before, ...others] = texts
    expect([user, others]).toEqual([said, []])
    expect(whole.startsWith(text) && text.startsWith(before), `${before} | ${text}`).toBe(true)
    before = text
  }
  expect(before).toBe(whole)
}

/** What was shown are the first paragraphs, each as far as it was written; one that waits for its turn may stand behind them. */
function expectBeginning(shown: readonly string[], texts: readonly string[]): void {
  const said = shown.filter((text) => ['one', 'two', 'three'].includes(text))
  expect(['one', 'two', 'three'].slice(0, said.length)).toEqual(said)
  const answers = shown.filter((text) => !said.includes(text))
  for (const [index, text] of answers.entries()) expect(texts[index * 2 + 1]?.startsWith(text), text).toBe(true)
}

test('the page of the README survives a reload, a killed API and a second tab, and its text is never wrong', async ({
  visitor,
}) => {
  const complaints: string[] = []
  visitor.on('weberror', (error) => complaints.push(error.error().message))
  await servePage(visitor, 'readme', readme)
  const recorded = await recordStates(visitor)
  const page = await visitor.newPage()
  const asked = recordSubscriptions(page)
  await page.goto(`${api.url}/readme`)
  await page.locator('input').fill('Hello')
  await page.getByRole('button', { name: 'Send' }).click()
  await untilLength(page, 100)

  // In strict mode, too, nothing is opened twice.
  await expect.poll(asked).toEqual([1])
  await page.reload()
  await untilLength(page, 200)
  await expect.poll(asked).toEqual([1, 1])
  const tab = await visitor.newPage()
  await tab.goto(page.url())
  await untilLength(tab, 250)
  await api.kill('SIGKILL')
  await restart()
  for (const each of [page, tab]) await each.getByText('COMPLETED').waitFor()

  const whole = await answerIn(page)
  expect(whole.split(/\s+/)).toHaveLength(250)
  const [first = [], second = []] = await recorded(page)
  const shown = first.at(-1)?.texts[1] ?? ''
  expectGrowing(first, 'Hello', shown)
  expectGrowing(second, 'Hello', whole)
  const again = second.find(({ texts }) => texts.length > 0)
  expect(again?.texts[1]?.startsWith(shown)).toBe(true)
  expect(again?.status).toBe('RUNNING')
  const [third = []] = await recorded(tab)
  expectGrowing(third, 'Hello', whole)

  // A page that is not looked at has no frames, and is hard to click on.
  await page.bringToFront()
  await page.locator('input').fill('Hello again')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('Hello again').waitFor()
  await untilLength(page, 20)
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('CANCELLED').waitFor()
  const stopped = await answerIn(page)
  expect(whole.length).toBeGreaterThan(stopped.length)
  const turn = (await recorded(page))[1]?.slice(second.length) ?? []
  const begin = turn.findIndex(({ texts }) => texts[0] === 'Hello again')
  expect(
    turn.slice(0, begin).map(({ texts }) => texts.length === 0 || texts.join() === `Hello,${whole}`),
  ).not.toContain(false)
  expectGrowing(turn.slice(begin), 'Hello again', stopped)
  expect(complaints).toEqual([])
})

test('tokens that expire in mid-answer are replaced, and the page shows nothing of it', async ({ visitor }) => {
  const channelId = await dispatch('compatible:endless')
  let minted = 0
  await visitor.route('**/my-tokens/*', async (route) => {
    minted += 1
    if (minted === 2) endless.comeToAnEnd()
    const input = `{ channelId: "${route.request().url().split('/').at(-1)}", expiresInSeconds: 1 }`
    const { createChannelToken } = await ask(
      `mutation { createChannelToken(input: ${input}) { channelToken { token } } }`,
    )
    await route.fulfill({ body: createChannelToken.channelToken.token })
  })
  await servePage(visitor, 'guarded', guarded)
  const recorded = await recordStates(visitor)
  const page = await visitor.newPage()
  await page.goto(`${api.url}/guarded#${channelId}`)
  await page.getByText('COMPLETED').waitFor()
  const { dispatch: run } = await ask(`{ dispatch(channelId: "${channelId}") { result { text } } }`)
  const [states = []] = await recorded(page)
  expectGrowing(states, 'Hello', run.result.text)
})

test('a conversation of three turns survives a reload in mid-answer and a second tab, and no frame is wrong', async ({
  visitor,
}) => {
  await servePage(visitor, 'conversation', conversation)
  const recorded = await recordStates(visitor)
  const page = await visitor.newPage()
  await page.goto(`${api.url}/conversation#conversation-${crypto.randomUUID()}`)
  const say = async (text: string) => {
    await page.locator('input').fill(text)
    await page.getByRole('button', { name: 'Send' }).click()
  }
  await say('one')
  await untilLength(page, 100)
  await say('two')
  await page.reload()
  await untilLength(page, 200)
  await page.locator('p').nth(3).waitFor()
  const tab = await visitor.newPage()
  await tab.goto(page.url())
  for (const each of [page, tab]) await each.getByText('COMPLETED').waitFor()
  await page.bringToFront()
  await say('three')
  await page.locator('p').nth(5).waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  for (const each of [page, tab]) await each.getByText('CANCELLED').waitFor()

  const texts = await page.locator('p').allTextContents()
  expect(texts.filter((_text, index) => index % 2 === 0)).toEqual(['one', 'two', 'three'])
  expect(await tab.locator('p').allTextContents()).toEqual(texts)
  for (const life of [...(await recorded(page)), ...(await recorded(tab))]) {
    for (const state of life) expectBeginning(state.texts, texts)
  }
})

test('a page that a server has rendered is taken over without a complaint, and goes on with another client', async ({
  visitor,
}) => {
  await servePage(visitor, 'hydrated', hydrated)
  const page = await visitor.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', ({ message }) => complaints.push(message))
  const asked = recordSubscriptions(page)
  await page.goto(`${api.url}/hydrated#${await dispatch()}`)
  await page.locator('#RUNNING').waitFor()
  await expect.poll(asked).toEqual([1])
  await page.evaluate(() => (globalThis as unknown as { replaceClient(): void }).replaceClient())
  await page.locator('#COMPLETED').waitFor()
  expect((await page.locator('p').textContent())?.split(/\s+/).length).toBeGreaterThanOrEqual(250)
  await expect.poll(asked).toEqual([1, 1])
  expect(complaints.filter((text) => !text.includes('React DevTools'))).toEqual([])
})

test.for<readonly [string, () => Promise<string>, number]>([
  ['an answer of 1,000 tokens', () => dispatch('demo/delayMs=1/words=1000'), 1_000],
  ['a replay of 10,000 tokens', async () => 'replay', 10_000],
])('%s renders at most once a frame', async ([, begin, tokens], { visitor }) => {
  await servePage(visitor, 'counting', counting)
  const page = await visitor.newPage()
  await page.goto(`${api.url}/counting#${await begin()}`)
  await page.locator('#COMPLETED').waitFor()
  const text = (await page.locator('p').textContent()) ?? ''
  expect(text.match(/[^\s]+/g)?.length).toBeGreaterThanOrEqual(tokens)
  const frames = await page.evaluate(() => (globalThis as unknown as { frames: Frame[] }).frames)
  expect(frames.reduce((sum, { renders }) => sum + renders, 0)).toBeGreaterThanOrEqual(2)
  // A page whose frame does not come within 250 ms renders without it.
  expect(frames.filter(({ renders, ms }) => renders > 1 + Math.floor(ms / 250))).toEqual([])
})

test('a stock EventSource reconnects after `complete`, and replays everything', async ({ visitor }) => {
  const page = await visitor.newPage()
  await page.goto(`${api.url}/health`)
  const query = `subscription { channelEvents(channelId: "a-channel-of-habits") { __typename } }`
  const dispatch = `mutation { dispatchConversation(input: { channelId: "a-channel-of-habits", messages: [{ type: USER, text: "Hi" }] }) { channelId } }`
  const body = JSON.stringify({ query: dispatch })
  await fetch(`${api.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const kinds = await page.evaluate(
    (url) =>
      new Promise<string[]>((resolve) => {
        const seen: string[] = []
        const source = new EventSource(url)
        source.addEventListener('next', ({ data }) => seen.push(JSON.parse(data).data.channelEvents.__typename))
        let completed = 0
        source.addEventListener('complete', () => {
          completed += 1
          if (completed < 2) return
          source.close()
          resolve(seen)
        })
      }),
    `${api.url}/graphql?${new URLSearchParams({ query })}`,
  )
  expect(kinds.filter((kind) => kind === 'DispatchQueued')).toHaveLength(2)
})
