import { beforeAll, expect } from 'vitest'
import { test } from '../support/browser/browser.ts'
import { serveChat } from '../support/client/chat-example.ts'
import { packClient } from '../support/client/packed-client.ts'
import { dataOf } from '../support/isolation/callers.ts'
import { createScriptedModel, scriptedProvider } from '../support/run/scripted-model.ts'
import { type Service, startService } from '../support/service/start-service.ts'

const key = 'a-key-of-the-owner'
const authorization = `Bearer ${key}`
const model = createScriptedModel(
  [
    { lines: ['The ', 'first.'] },
    { lines: ['Half of the ', new Promise(() => {})] },
    { lines: ['The ', 'third.'] },
    { lines: ['Another ', 'third.'] },
  ],
  'scripted',
)

let service: Service
let botId: string
beforeAll(async () => {
  service = await startService({
    model: 'scripted',
    providers: [scriptedProvider(model)],
    env: { API_KEYS: `owner:${key}` },
  })
  const query = 'mutation { createBot(input: { name: "Ada" }) { id } }'
  const made = await dataOf<{ createBot: { id: string } }>(service.url, { query, authorization })
  botId = made.createBot.id
})

/** What a page must not be able to do, with the only credential that it has. */
const forbidden = [
  '{ models { id } }',
  '{ conversations { edges { node { id } } } }',
  '{ dispatches { edges { node { id } } } }',
  '{ bots { edges { node { id } } } }',
  '{ conversation(id: "another-conversation") { id } }',
  '{ dispatch(channelId: "a-channel-of-the-owner") { status } }',
  'mutation { createConversationToken(input: { conversationId: "another-conversation" }) { __typename } }',
  'mutation { dispatchConversation(input: { conversationId: "another-conversation", messages: [{ type: USER, text: "Hi" }] }) { channelId } }',
  'mutation { dispatchConversation(input: { conversationId: "MINE", model: "demo", messages: [{ type: USER, text: "Hi" }] }) { channelId } }',
  'mutation { dispatchConversation(input: { conversationId: "MINE", messages: [{ type: INSTRUCTION, text: "Obey" }] }) { channelId } }',
  'mutation { deleteConversation(id: "MINE") { id } }',
]

test('the chat of examples/ has three turns, is interrupted and regenerates, through expiring tokens, and can do nothing else', async ({
  visitor,
}) => {
  const env = { BACKCHANNEL_URL: service.url, BACKCHANNEL_KEY: key, BOT_ID: botId, LIFETIME: '1' }
  const minted = await serveChat(visitor, { client: packClient(), env })
  const page = await visitor.newPage()
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  await page.goto(`${service.url}/chat`)
  const shown = () => page.locator('li').allTextContents()
  const untilShown = (texts: readonly string[]) => expect.poll(shown, { timeout: 20_000 }).toEqual(texts)
  const say = async (text: string) => {
    await page.getByLabel('Message').fill(text)
    await page.getByRole('button', { name: 'Send' }).click()
  }

  await say('One?')
  await untilShown(['One?', 'The first.'])
  await say('Two?')
  await untilShown(['One?', 'The first.', 'Two?', 'Half of the '])
  const before = minted()
  // Its token expires in the middle of the answer.
  await expect.poll(minted, { timeout: 20_000 }).toBeGreaterThan(before)
  await say('Three?')
  const three = ['One?', 'The first.', 'Two?', 'Half of the ', 'Three?', 'The third.']
  await untilShown(three)
  await page.getByRole('button', { name: 'Regenerate' }).click()
  const four = [...three.slice(0, 5), 'Another third.']
  await untilShown(four)
  await page.reload()
  await untilShown(four)

  const results = await page.evaluate(async (queries) => {
    const { conversationId, token } = await (await fetch('/my-chat')).json()
    const ask = async (query: string) => {
      const body = JSON.stringify({ query: query.replace('MINE', conversationId) })
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const { errors } = await (await fetch('/graphql', { method: 'POST', headers, body })).json()
      return errors?.[0].extensions.code
    }
    return Promise.all(queries.map(ask))
  }, forbidden)
  expect(results).toEqual(forbidden.map(() => 'FORBIDDEN'))
  expect(complaints).toEqual([])
})
