import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { test } from '../support/browser/browser.ts'
import { recordVisit } from '../support/browser/graphiql-window.ts'
import { type ConsoleService, countSockets, openPage, startConsole } from '../support/console.ts'

let service: ConsoleService
beforeAll(async () => {
  service = await startConsole('demo/delayMs=20/words=250')
})

const timeout = 20_000
/** As a person sees it, line by line. */
const textIn = async (place: Locator) => (await place.allInnerTexts()).join('\n')
const log = (page: Page) => page.getByRole('log', { name: 'Conversation' })
const heading = (page: Page) => page.getByRole('heading', { level: 1 })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const rows = (page: Page) => page.getByRole('table', { name: 'Runs' }).getByRole('row')
const open = (context: Parameters<typeof openPage>[0], path: string, key = service.keys[0]) =>
  openPage(context, `${service.url}${path}`, key)

async function untilText(page: Page, text: string | RegExp) {
  await expect.poll(() => textIn(page.getByRole('main')), { timeout }).toMatch(text)
}

async function resultOf(channelId: string) {
  const read = () =>
    service.ask<{ dispatch: { status: string; result: { text: string } | null } }>(
      `{ dispatch(channelId: "${channelId}") { status result { text } } }`,
    )
  await expect.poll(async () => (await read()).dispatch.status, { timeout }).toBe('COMPLETED')
  return (await read()).dispatch.result?.text ?? ''
}

const ask = {
  name: 'ask_human',
  description: 'Asks a person.',
  parameters: { type: 'object', properties: { question: { type: 'string' } } },
  result: { await: true },
}

test('asks for a key, says that a wrong one is wrong, keeps a right one in this tab alone; CSP and console have nothing to say', async ({
  visitor,
}) => {
  const { complaints, outside } = recordVisit(visitor)
  const page = await visitor.newPage()
  await page.goto(service.url)
  await page.getByLabel('API key').fill('no key at all')
  await button(page, 'Open the console').click()
  await untilText(page, /This key is not accepted[\s\S]*The credential is not valid/)
  await page.getByLabel('API key').fill(service.keys[0])
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  await page.reload()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  for (const name of ['Try', 'Runs', 'Overview', 'Resources', 'GraphiQL']) {
    await page.getByRole('link', { name, exact: true }).waitFor()
  }
  expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, ''])
  const another = await visitor.newPage()
  await another.goto(service.url)
  await another.getByLabel('API key').waitFor()
  expect(outside(new URL(service.url).host)).toEqual([])
  // A reload may come while the socket is still being opened.
  const expected = /status of 40[01]|status of 403|4401|closed before the connection is established/
  expect(complaints.filter((text) => !expected.test(text))).toEqual([])
})

test('a token that expires while the page is open is said to have expired', async ({ visitor }) => {
  const channelId = await service.dispatch({ functions: [ask], messages: [{ type: 'USER', text: 'ask_human now' }] })
  const made = await service.ask<{ createChannelToken: { channelToken: { token: string } } }>(
    `mutation { createChannelToken(input: { channelId: "${channelId}", expiresInSeconds: 8 }) { channelToken { token } } }`,
  )
  const page = await open(visitor, `/runs/${channelId}`, made.createChannelToken.channelToken.token)
  await untilText(page, 'waits for an answer')
  await untilText(page, 'Your token has expired')
})

test('an answer survives a reload, a second tab, and an API that is killed and started again in its middle', async ({
  visitor,
}) => {
  const page = await open(visitor, '/')
  const sockets = countSockets(page)
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.fill('First?')
  // An Enter that ends a word of an input method sends nothing; Safari tells it by the code of the key.
  for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
    await message.dispatchEvent('keydown', { key: 'Enter', ...composing })
  }
  expect(await message.inputValue()).toBe('First?')
  await button(page, 'Send').click()
  await expect.poll(() => textIn(log(page)), { timeout }).toMatch(/Model\s+I am/)
  await page.reload()
  await page.getByRole('link', { name: 'Open the run' }).waitFor()
  const run = (await page.getByRole('link', { name: 'Open the run' }).getAttribute('href')) ?? ''
  const other = await open(visitor, run)
  await untilText(other, 'I am')
  await service.kill()
  const before = await textIn(log(other))
  await service.restart()
  const answer = await resultOf(run.replace('/runs/', ''))
  expect(before).not.toContain(answer.trim())
  for (const each of [page, other]) {
    await expect.poll(() => textIn(log(each)), { timeout }).toContain(answer.trim())
    expect((await textIn(log(each))).split('I am Backchannel').length).toBe(2)
    await expect.poll(() => textIn(each.getByRole('main')), { timeout }).toContain('Completed')
  }

  // The answer and the conversation are followed each by its own subscription.
  await page.getByText('Reconnecting…').waitFor({ state: 'hidden' })
  await page.getByRole('textbox', { name: 'Message' }).fill('Second?')
  await page.keyboard.press('Enter')
  await expect.poll(() => textIn(log(page)), { timeout }).toMatch(/Second\?[\s\S]*Model/)
  await button(page, 'Stop').click()
  await untilText(page, 'Cancelled')
  await button(page, 'Regenerate').click()
  await expect.poll(() => log(page).getByText('Second?').count()).toBe(1)
  await untilText(page, /Second\?[\s\S]*Model\s+I am/)
  expect(sockets()).toBe(1)
})

test('a call that waits is answered in a form that its schema makes', async ({ visitor }) => {
  const schema = {
    type: 'object',
    properties: { colour: { enum: ['red', 'green'], title: 'Colour' }, coats: { type: 'integer', title: 'Coats' } },
    required: ['colour', 'coats'],
  }
  const channelId = await service.dispatch({
    functions: [ask],
    messages: [{ type: 'USER', text: 'Please ask_human which colour.' }],
    model: 'demo/delayMs=0',
    meta: { answerSchemas: { ask_human: schema } },
  })
  const page = await open(visitor, `/runs/${channelId}`)
  await page.getByLabel('Colour').selectOption('green')
  await page.getByLabel('Coats').fill('two')
  await button(page, 'Answer').click()
  await untilText(page, 'This is no number')
  await page.getByLabel('Coats').fill('2')
  await button(page, 'Answer').click()
  expect(await resultOf(channelId)).toContain('{"colour":"green","coats":2}')
  await untilText(page, /answered[\s\S]*"coats": 2[\s\S]*Completed|Completed[\s\S]*"coats": 2/)
})

test('a run is cancelled, run again, and read event by event from a cursor', async ({ visitor }) => {
  const channelId = await service.dispatch({ model: 'demo/delayMs=30/words=900' })
  const page = await open(visitor, `/runs/${channelId}`)
  await untilText(page, 'I am')
  await button(page, 'Cancel run').click()
  await untilText(page, 'Cancelled')
  await page.getByRole('tab', { name: 'Events' }).click()
  await page.getByLabel('Kind').selectOption('IterationStarted')
  const events = page.getByRole('region', { name: 'Events' }).getByRole('button')
  await expect.poll(() => events.count()).toBe(1)
  await events.first().click()
  await button(page, 'Replay from here').click()
  await page.getByLabel('Kind').selectOption('')
  await untilText(page, /Replayed after[\s\S]*DispatchCancelled/)
  await expect.poll(() => textIn(events.first())).toContain('TextDelta')
  await button(page, 'Run again').click()
  await page.getByLabel('Model').fill('demo/words=3')
  await button(page, 'Start').click()
  await untilText(page, /Completed[\s\S]*Hello!/)
  expect(page.url()).not.toContain(channelId)
})

test('a limit that has paused a run is raised', async ({ visitor }) => {
  const channelId = await service.dispatch({
    functions: [{ ...ask, result: { data: 42 } }],
    messages: [{ type: 'USER', text: 'Please ask_human about it.' }],
    model: 'demo/delayMs=0',
    limits: { iterations: 1, whenReached: 'PAUSE' },
  })
  const page = await open(visitor, `/runs/${channelId}`)
  await page.getByLabel('New limit on iterations').fill('9')
  await button(page, 'Raise limit').click()
  await untilText(page, 'Completed')
  await page.getByLabel('New limit on iterations').waitFor({ state: 'hidden' })
})

test('the list shows what begins and ends, and filters by status, bot, conversation and id', async ({ visitor }) => {
  const { createBot } = await service.ask<{ createBot: { id: string } }>(
    'mutation { createBot(input: { name: "Librarian" }) { id } }',
  )
  const page = await open(visitor, '/runs')
  await rows(page).nth(1).waitFor()
  const conversationId = 'a-conversation-of-the-list'
  const model = 'demo/delayMs=40/words=60'
  const channelId = await service.dispatch({ botId: createBot.id, conversationId, model })
  const row = rows(page).filter({ hasText: channelId })
  await expect.poll(() => textIn(row), { timeout }).toMatch(/Running[\s\S]*Librarian/)
  await expect.poll(() => textIn(row), { timeout }).toMatch(/Completed/)

  const onlyIt = () =>
    expect
      .poll(() => rows(page).allInnerTexts(), { timeout })
      .toEqual([expect.stringContaining('Status'), expect.stringContaining(channelId)])
  await page.getByLabel('Bot').selectOption('Librarian')
  await onlyIt()
  await page.getByRole('button', { name: 'Failed' }).click()
  await untilText(page, 'No run matches the filters')
  await page.reload()
  await untilText(page, 'No run matches the filters')
  await button(page, 'Clear filters').click()
  await page.getByLabel('Conversation').fill(conversationId)
  await onlyIt()
  await button(page, 'Clear filters').click()
  await page.getByLabel('Run id').fill(channelId)
  await onlyIt()
  await page.getByRole('link', { name: channelId }).click()
  await expect.poll(() => textIn(heading(page))).toBe(channelId)
})

test('another account sees nothing of it', async ({ visitor }) => {
  const channelId = await service.dispatch({})
  const page = await open(visitor, '/runs', service.keys[1])
  await untilText(page, 'No runs yet')
  await page.goto(`${service.url}/runs/${channelId}`)
  await untilText(page, 'There is no such run')
})
