import { beforeAll, expect, test } from 'vitest'
import { dataOf, mintConversationToken, overSse } from '../support/isolation/callers.ts'
import { createScriptedModel, scriptedProvider } from '../support/run/scripted-model.ts'
import { type Service, startService } from '../support/service/start-service.ts'
import { codeBlocks } from './pages.ts'

const key = 'a-key-of-the-reader'
const authorization = `Bearer ${key}`
const id = 'a-chat-step-by-step'
const forever = () => new Promise(() => {})
const model = createScriptedModel(
  [
    'A log.',
    'A place in it.',
    'A place in a log.',
    'The life of a log.',
    forever(),
    'In one.',
    forever(),
    'I see.',
  ].map((line) => ({ lines: typeof line === 'string' ? [line] : ['Well, ', line] })),
  'scripted',
)

/** What is asked, before the step of the page that interrupts it. */
const asks = (question: string) =>
  `mutation { dispatchConversation(input: { conversationId: "${id}", messages: [{ id: "${question}", type: USER, text: "Tell me everything." }] }) { channelId } }`

interface Conversation {
  readonly current: object | null
  readonly messages: readonly { readonly id: string; readonly text: string }[]
}

let service: Service
let botId: string
beforeAll(async () => {
  const env = { API_KEYS: `reader:${key}` }
  service = await startService({ model: 'scripted', providers: [scriptedProvider(model)], env })
  const query = 'mutation { createBot(input: { name: "Ada" }) { id } }'
  botId = (await dataOf<{ createBot: { id: string } }>(service.url, { query, authorization })).createBot.id
})

const ask = <Data>(query: string, variables: object = {}, as = authorization): Promise<Data> =>
  dataOf<Data>(service.url, { query, variables, authorization: as })
const step = (name: string) => {
  const operation = codeBlocks('docs/guides/conversations.md', 'graphql').find((block) => block.includes(` ${name}`))
  if (operation === undefined) throw new Error(`The page has no ${name}.`)
  return operation
}
const read = async () =>
  (await ask<{ conversation: Conversation }>(`{ conversation(id: "${id}") { current { id } messages { id text } } }`))
    .conversation
const said = async () => (await read()).messages.map(({ text }) => text)
const untilIdle = (texts: readonly string[]) =>
  expect
    .poll(
      async () => {
        const { current, messages } = await read()
        return [current, ...messages.map(({ text }) => text)]
      },
      { timeout: 15_000 },
    )
    .toEqual([null, ...texts])

test('the steps of the guide to conversations do what they say, by key and by token', async () => {
  await ask(step('Say '))
  await ask(step('SayMore'))
  const first = ['What is a channel?', 'A log.']
  await untilIdle([...first, 'And a cursor?', 'A place in it.'])
  const shown = await overSse(service.url, { query: step('Show'), authorization, take: 1 })
  expect(shown.results).toMatchObject([{ data: { conversationUpdates: { current: null, messages: { length: 4 } } } }])

  const letIn = await ask<{ createConversationToken: object }>(step('LetIn'), { botId })
  expect(letIn).toEqual({
    createConversationToken: {
      conversationToken: { token: expect.any(String), expiresAt: expect.any(String) },
    },
  })
  const allow = ['DISPATCH', 'CANCEL']
  const token = `Bearer ${await mintConversationToken(service.url, key, { conversationId: id, botId, allow })}`
  await ask(step('Regenerate'), {}, token)
  await untilIdle([...first, 'And a cursor?', 'A place in a log.'])
  await ask(step('Edit'), { before: (await read()).messages[1]?.id }, token)
  const third = [...first, 'And an epoch?', 'The life of a log.']
  await untilIdle(third)

  await ask(asks('question-4'), {}, token)
  const half = [...third, 'Tell me everything.', 'Well, ']
  await expect.poll(said, { timeout: 15_000 }).toEqual(half)
  await ask(step('Interrupt'), {}, token)
  const fifth = [...half, 'In one sentence, please.', 'In one.']
  await untilIdle(fifth)

  await ask(asks('question-6'), {}, token)
  await expect.poll(said, { timeout: 15_000 }).toEqual([...fifth, 'Tell me everything.', 'Well, '])
  await ask(step('RollBack'), {}, token)
  await untilIdle([...fifth, 'I meant something else.', 'I see.'])

  const back = await ask<{ conversation: { dispatches: { edges: { node: { status: string } }[] } } }>(
    step('LookBack'),
    {},
    token,
  )
  expect(back.conversation.dispatches.edges.map(({ node }) => node.status)).toEqual([
    'COMPLETED',
    'CANCELLED',
    'COMPLETED',
    'CANCELLED',
    ...Array.from({ length: 4 }, () => 'COMPLETED'),
  ])
  expect(await ask(step('Delete'))).toEqual({ deleteConversation: { id } })
  expect(await ask(`{ conversation(id: "${id}") { id } }`)).toEqual({ conversation: null })
})
