import { beforeAll, expect } from 'vitest'
import { test } from '../../support/browser/browser.ts'
import {
  answerIn,
  pasteOver,
  play,
  recordVisit,
  selectTab,
  tabNames,
  textOf,
  untilShown,
} from '../../support/browser/graphiql-window.ts'
import { startService } from '../../support/service/start-service.ts'

const chatTabs = ['Chat', 'WatchChat', 'Regenerate', 'Interrupt']
const allTabs = ['Dispatch', 'Watch', 'Snapshot', 'Resume', 'DispatchCall', 'WatchCall', 'AnswerCall', ...chatTabs]

let service: Awaited<ReturnType<typeof startService>>

beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=20' })
})

test('shows a newcomer a growing, a complete and a resumed run, and contacts no other host', async ({ visitor }) => {
  const visit = recordVisit(visitor)
  const watcher = await visitor.newPage()
  await watcher.goto(`${service.url}/graphql`)
  expect(await tabNames(watcher)).toEqual(allTabs)
  await selectTab(watcher, 'Watch')
  const { channelId } = JSON.parse(await textOf(watcher, 'variables.json'))
  expect(channelId).toMatch(/^[A-Za-z0-9_-]{16,128}$/)
  await play(watcher, 'Watch')

  // A window opened from the first has its tabs and its channel, as a duplicated browser tab has. In the same window,
  // leaving Watch for Dispatch would stop it.
  const opened = visitor.waitForEvent('page')
  await watcher.evaluate(() => void window.open(location.href))
  const caller = await opened
  await play(caller, 'Dispatch')
  const payload = await untilShown(caller, (data) => data.dispatchConversation)
  expect(payload.channelId).toBe(channelId)

  const lengths: number[] = []
  const ended = await untilShown(watcher, ({ dispatchUpdates }) => {
    lengths.push(answerIn(dispatchUpdates)?.text.length ?? 0)
    return dispatchUpdates?.result != null && dispatchUpdates
  })
  const text = ended.result?.text ?? ''
  expect(text.length).toBeGreaterThan(50)
  expect(answerIn(ended)).toMatchObject({ text, isComplete: true })
  expect(lengths).toEqual(lengths.toSorted((one, other) => one - other))
  expect(new Set(lengths.filter((length) => length > 0)).size).toBeGreaterThanOrEqual(3)

  await play(caller, 'Snapshot')
  const snapshot = await untilShown(caller, ({ dispatch }) => dispatch)
  expect(snapshot).toMatchObject({ status: 'COMPLETED', result: { text, finishReason: 'STOP' } })
  expect(answerIn(snapshot)?.text).toBe(text)

  await play(caller, 'Resume')
  const ending = await untilShown(caller, ({ channelEvents }) => {
    return channelEvents?.__typename === 'DispatchCompleted' && channelEvents
  })
  expect(ending.result).toEqual({ text, finishReason: 'STOP' })

  expect(visit.outside(new URL(service.url).host)).toEqual([])
  expect(visit.complaints).toEqual([])
})

test('lets a newcomer answer a call that a run waits for', async ({ visitor }) => {
  const visit = recordVisit(visitor)
  const page = await visitor.newPage()
  await page.goto(`${service.url}/graphql`)
  await play(page, 'DispatchCall')
  const { channelId } = await untilShown(page, (data) => data.dispatchConversation)
  expect(channelId).toMatch(/^[A-Za-z0-9_-]{16,123}-call$/)

  await play(page, 'WatchCall')
  const waiting = await untilShown(page, ({ channelEvents }) => {
    return channelEvents?.__typename === 'FunctionResultAwaited' && channelEvents
  })
  expect(waiting.call).toMatchObject({ name: 'ask_human', arguments: { question: 'May we refund 20 euros?' } })

  await selectTab(page, 'AnswerCall')
  await pasteOver(page, 'PASTE_THE_ID_HERE', waiting.call?.id ?? '')
  await play(page, 'AnswerCall')
  const { dispatch } = await untilShown(page, (data) => data.submitFunctionResult)
  expect(dispatch).toMatchObject({ status: expect.stringMatching(/QUEUED|RUNNING/), pendingCalls: [] })

  await play(page, 'WatchCall')
  const ending = await untilShown(page, ({ channelEvents }) => {
    return channelEvents?.__typename === 'DispatchCompleted' && channelEvents
  })
  expect(ending.result?.text).toContain('I called ask_human, and it answered: Yes, go ahead.')
  expect(visit.complaints).toEqual([])
})

test('lets a newcomer chat, regenerate and interrupt', async ({ visitor }) => {
  const visit = recordVisit(visitor)
  const page = await visitor.newPage()
  await page.goto(`${service.url}/graphql`)
  const shownTypes = (types: string, isIdle: boolean) =>
    untilShown(page, ({ conversationUpdates }) => {
      const { current = null, messages = [] } = conversationUpdates ?? {}
      return (current === null) === isIdle && messages.map(({ type }) => type).join() === types && { current, messages }
    })
  await play(page, 'Chat')
  await untilShown(page, (data) => data.dispatchConversation)
  await play(page, 'WatchChat')
  const first = await shownTypes('USER,BOT', true)
  expect(first.messages[0]).toMatchObject({ id: 'question-1', text: 'What is a conversation?' })
  await play(page, 'Regenerate')
  await untilShown(page, (data) => data.dispatchConversation)
  await play(page, 'Interrupt')
  await untilShown(page, (data) => data.dispatchConversation)
  await play(page, 'WatchChat')
  const { messages } = await untilShown(page, ({ conversationUpdates }) => {
    return conversationUpdates?.current === null && conversationUpdates
  })
  expect(messages.at(-2)).toMatchObject({ id: 'question-2', type: 'USER' })
  expect(messages.map(({ id }) => id)).not.toContain(first.messages[1]?.id)
  expect(visit.complaints).toEqual([])
})

test('keeps tabs and channel across a reload, and a new page gets another channel', async ({ visitor }) => {
  const page = await visitor.newPage()
  await page.goto(`${service.url}/graphql`)
  await selectTab(page, 'Snapshot')
  const variables = await textOf(page, 'variables.json')
  // GraphiQL stores its tabs half a second after a change.
  await page.waitForFunction(() => sessionStorage.getItem('graphiql:tabState')?.includes('"activeTabIndex":2'))
  await page.reload()
  expect(await tabNames(page)).toEqual(allTabs)
  await expect.poll(() => textOf(page, 'operation.graphql')).toContain('query Snapshot(')
  expect(await textOf(page, 'variables.json')).toBe(variables)

  const anew = await visitor.newPage()
  await anew.goto(`${service.url}/graphql`)
  expect(await tabNames(anew)).toEqual(allTabs)
  await selectTab(anew, 'Snapshot')
  expect(await textOf(anew, 'variables.json')).not.toBe(variables)
})

test('sends the headers of the editor with a subscription, and explains the schema under the pointer', async ({
  visitor,
}) => {
  const page = await visitor.newPage()
  await page.goto(`${service.url}/graphql`)
  await selectTab(page, 'Watch')
  await page.getByRole('button', { name: 'Headers', exact: true }).click()
  await page.locator('.graphiql-editor-tool .graphiql-editor:visible').click()
  // The editor closes the brace.
  await page.keyboard.type('{"x-timezone": "Europe/Sofia"')
  const request = await play(page, 'Watch')
  expect(await request.allHeaders()).toMatchObject({ accept: 'text/event-stream', 'x-timezone': 'Europe/Sofia' })

  // The explanation comes from a worker that has read the schema.
  await page.locator('.graphiql-query-editor .view-line').getByText('dispatchUpdates', { exact: true }).hover()
  await page.locator('.monaco-hover', { hasText: 'Subscription.dispatchUpdates' }).waitFor()
})
