import { beforeAll, expect } from 'vitest'
import { test } from '../../support/browser/browser.ts'
import {
  allTabs,
  answerIn,
  play,
  recordVisit,
  selectTab,
  tabNames,
  textOf,
  untilShown,
} from '../../support/browser/graphiql-window.ts'
import { startService } from '../../support/service/start-service.ts'

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
