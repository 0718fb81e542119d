import type { Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { test } from '../../support/browser/browser.ts'
import {
  play,
  recordVisit,
  selectTab,
  tabNames,
  textOf,
  typeOver,
  untilShown,
} from '../../support/browser/graphiql-window.ts'
import { overHttp, refusalOf } from '../../support/isolation/callers.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const key = 'a-key-that-is-typed-into-graphiql'

let service: Service

beforeAll(async () => {
  service = await startService({ env: { API_KEYS: `owner:${key}` } })
})

async function withHeader(page: Page, credential: string): Promise<void> {
  await typeOver(page, 'request-headers.json', JSON.stringify({ Authorization: `Bearer ${credential}` }))
}

test('a person with an API key mints a channel token in GraphiQL and continues with the token alone', async ({
  visitor,
}) => {
  const visit = recordVisit(visitor)
  const page = await visitor.newPage()
  await page.goto(`${service.url}/graphql`)
  await tabNames(page)
  await selectTab(page, 'Dispatch')
  const { channelId } = JSON.parse(await textOf(page, 'variables.json'))

  // Without a credential nothing is done …
  await play(page, 'Dispatch')
  await expect.poll(() => textOf(page, 'response.json')).toContain('UNAUTHENTICATED')
  // … with the key everything is.
  await withHeader(page, key)
  await play(page, 'Dispatch')
  expect((await untilShown(page, (data) => data.dispatchConversation)).channelId).toBe(channelId)
  await typeOver(
    page,
    'operation.graphql',
    `mutation Dispatch($input: CreateChannelTokenInput!) { createChannelToken(input: $input) { channelToken { token expiresAt } } }`,
  )
  await typeOver(page, 'variables.json', JSON.stringify({ input: { channelId, expiresInSeconds: 600 } }))
  await play(page, 'Dispatch')
  const { token } = await untilShown(page, (data) => data.createChannelToken?.channelToken)
  expect(token).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
  const screenshot = process.env['GRAPHIQL_SCREENSHOT']
  if (screenshot !== undefined) await page.screenshot({ path: screenshot })

  // The token alone shows the channel, and nothing else.
  await withHeader(page, token)
  await typeOver(page, 'variables.json', JSON.stringify({ channelId }))
  await typeOver(
    page,
    'operation.graphql',
    'query Dispatch($channelId: ID!) { dispatch(channelId: $channelId) { status messages { type text isComplete } result { text finishReason } } }',
  )
  await play(page, 'Dispatch')
  const shown = await untilShown(page, ({ dispatch }) => dispatch)
  expect(shown.status).toBe('COMPLETED')
  await typeOver(page, 'variables.json', '{}')
  await typeOver(
    page,
    'operation.graphql',
    'query Dispatch($first: Int) { bots(first: $first) { edges { node { name } } } }',
  )
  await play(page, 'Dispatch')
  await expect.poll(() => textOf(page, 'response.json')).toContain('FORBIDDEN')
  const elsewhere = {
    query: '{ dispatch(channelId: "another-channel-of-theirs") { id } }',
    authorization: `Bearer ${token}`,
  }
  expect(refusalOf(await overHttp(service.url, elsewhere))).toEqual(['FORBIDDEN'])

  // GraphiQL keeps no key for who comes next, and tells it to no other host.
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(key)
  expect(visit.outside(new URL(service.url).host)).toEqual([])
}, 90_000)
