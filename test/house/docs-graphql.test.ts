import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { startService } from '../support/service/start-service.ts'
import { tooLarge } from '../support/too-large.ts'
import { codeBlocks, pages, readPage } from './pages.ts'

const schema = buildSchema(readPage('schema.graphql'))
const operations = pages.flatMap((page) => codeBlocks(page, 'graphql').map((block) => [page, block] as const))

test.each(operations)('an operation of %s fits the schema, and is not too large: %s', (_, block) => {
  expect(validate(schema, parse(block))).toEqual([])
  expect(tooLarge(parse(block), 20)).toEqual([])
})

const messages = [{ type: 'USER', text: 'Hello!' }]
const runs: readonly (readonly [page: string, operation: string, variables: object, answer: object])[] = [
  [
    'docs/guides/access.md',
    codeBlocks('docs/guides/access.md', 'graphql')[0] ?? '',
    { messages },
    { dispatchConversation: { channelToken: { token: expect.stringMatching(/^ey/) } } },
  ],
  [
    'docs/guides/extensions.md',
    codeBlocks('docs/guides/extensions.md', 'graphql')[0] ?? '',
    {},
    { dispatchConversation: { channelId: expect.any(String) } },
  ],
]

test.each(runs)('the operation of %s is carried out as it stands', async (_, query, variables, answer) => {
  const service = await startService()
  const response = await ask(service.url, query, variables)
  expect(response).toMatchObject({ data: answer })
})

test('the run of the guide to extensions uses its ability', async () => {
  const service = await startService()
  const [query = ''] = codeBlocks('docs/guides/extensions.md', 'graphql')
  const { channelId } = (await ask(service.url, query)).data.dispatchConversation
  await expect
    .poll(async () => {
      const { data } = await ask(service.url, `{ dispatch(channelId: "${channelId}") { result { text } } }`)
      return data.dispatch.result?.text
    })
    .toContain('I called shout, and it answered: ')
})

test('the operation that stops a run stops it', async () => {
  const service = await startService({ model: 'demo/delayMs=100' })
  const channelId = 'my-first-channel'
  const dispatch = `mutation ($messages: [MessageInput!]!) { dispatchConversation(input: { channelId: "${channelId}", messages: $messages }) { channelId } }`
  await ask(service.url, dispatch, { messages })
  const blocks = codeBlocks('docs/guides/dispatching.md', 'graphql')
  const cancel = blocks.find((block) => block.includes('cancelDispatch')) ?? ''
  expect(await ask(service.url, cancel)).toEqual({ data: { cancelDispatch: { dispatch: { status: 'CANCELLED' } } } })
})

async function ask(url: string, query: string, variables: object = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return response.json()
}
