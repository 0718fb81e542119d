import { createFetchAttachment } from '../../../src/extensions/fetch/attachment.ts'
import { createSafeFetch } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import { inlinePages, toFetch } from '../../support/inline-helpers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { run } from '../fetch/run.ts'
import { startFetchServer } from '../fetch/server.ts'
import type { Sent } from './pages.ts'

/** What the ability `fetch`, HTML as Markdown, and an attachment make of the same answer of a real server. */
export async function readBoth({ path = '/', type, body, headers = {} }: Sent) {
  const server = await startFetchServer((_request, response) =>
    response.writeHead(200, { ...(type !== null && { 'content-type': type }), ...headers }).end(body),
  )
  const url = server.url + path
  const isPage = /html/.test(type ?? '') || body.subarray(0, 9).toString().toLowerCase() === '<!doctype'
  const ability = await run(server, { url }, { settings: isPage ? { format: 'markdown' } : {} })
  const safeFetch = opened(createSafeFetch({ allow: [server.host] }))
  const attachment = await createFetchAttachment(safeFetch, inlinePages)(toFetch(url), new AbortController().signal)
  return { ability, attachment }
}
