import { expect } from 'vitest'
import { test } from '../support/browser/browser.ts'
import { startService } from '../support/service/start-service.ts'

test('a stock EventSource reconnects after `complete`, and replays everything', async ({ visitor }) => {
  const service = await startService()
  const page = await visitor.newPage()
  await page.goto(`${service.url}/health`)
  const query = `subscription { channelEvents(channelId: "a-channel-of-habits") { __typename } }`
  const dispatch = `mutation { dispatchConversation(input: { channelId: "a-channel-of-habits", messages: [{ type: USER, text: "Hi" }] }) { channelId } }`
  const body = JSON.stringify({ query: dispatch })
  await fetch(`${service.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
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
    `${service.url}/graphql?${new URLSearchParams({ query })}`,
  )
  expect(kinds.filter((kind) => kind === 'DispatchQueued')).toHaveLength(2)
})
