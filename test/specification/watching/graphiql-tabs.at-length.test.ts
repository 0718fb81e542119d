import { beforeAll, expect } from 'vitest'
import { test } from '../../support/browser/browser.ts'
import {
  allTabs,
  pasteOver,
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
