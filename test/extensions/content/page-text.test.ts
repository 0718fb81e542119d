import { expect, test } from 'vitest'
import { createPageText, type PageHelper } from '../../../src/extensions/content/page-text.ts'
import { createFetchAttachment } from '../../../src/extensions/fetch/attachment.ts'
import { createSafeFetch } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import { OutOfBudget } from '../../../src/kernel/helpers/budget.ts'
import { toFetch } from '../../support/inline-helpers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { run } from '../fetch/run.ts'
import { startFetchServer } from '../fetch/server.ts'

/** Stands in for a converter that would take a minute for any page. */
const slow: PageHelper = async (_page, { budget }) => {
  if (budget.leftMs < 60_000) throw new OutOfBudget('time')
  return 'converted'
}
const message = 'The page is too complicated: it takes too much time to turn into text.'
const servePage = (status = 200) =>
  startFetchServer((_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<p>Hello'))

test.each([200, 500])('a page that takes too long to convert is an error for the model (status %i)', async (status) => {
  const server = await servePage(status)
  const asking = { account: 'acme', budget: { leftMs: 10 }, signal: new AbortController().signal }
  const deps = { pageText: createPageText(slow, asking) }
  const outcome = await run(server, { url: server.url }, { settings: { format: 'text' }, deps })
  expect(outcome).toEqual({ kind: 'error', message })
})

test('as an attachment, it is one that could not be read', async () => {
  const server = await servePage()
  const fetch = createFetchAttachment(opened(createSafeFetch({ allow: [server.host] })), slow)
  expect(await fetch(toFetch(server.url), new AbortController().signal)).toEqual({ kind: 'failed', message })
})
