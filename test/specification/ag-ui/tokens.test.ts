import { beforeAll, expect, test } from 'vitest'
import { askServer, runAgent, say, seen, stockAgent } from '../../support/ag-ui/stock-agent.ts'
import { dataOf, mintConversationToken } from '../../support/isolation/callers.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const owner = 'a-key-of-the-owner'
const other = 'a-key-of-the-other'

let service: Service
let botId: string
beforeAll(async () => {
  service = await startService({ env: { API_KEYS: `owner:${owner},other:${other}` } })
  const query = 'mutation ($input: BotInput!) { made: createBot(input: $input) { id } }'
  const call = { query, variables: { input: { name: 'Ada' } }, authorization: `Bearer ${owner}` }
  botId = (await dataOf<{ made: { id: string } }>(service.url, call)).made.id
})

const tokenOf = (conversationId: string, allow: readonly string[]) =>
  mintConversationToken(service.url, owner, { conversationId, allow, ...(allow.includes('DISPATCH') && { botId }) })

const ask = (path: string, credential: string, body: object) => askServer({ url: service.url, path, credential, body })

test('the same run after its end is joined: it is not answered anew, and from another account nothing of it is seen', async () => {
  const agent = stockAgent({ url: service.url, credential: owner })
  say(agent, 'Hello there')
  const runId = crypto.randomUUID()
  await runAgent(agent, { runId })
  const [question, answer] = agent.messages
  agent.setMessages(agent.messages.slice(0, 1))
  await runAgent(agent, { runId })
  expect(agent.messages).toEqual([question, answer])

  const stranger = stockAgent({ url: service.url, credential: other, threadId: agent.threadId })
  const { types } = await runAgent(stranger, { runId })
  expect([types, stranger.messages]).toEqual([['RUN_STARTED', 'MESSAGES_SNAPSHOT', 'RUN_FINISHED'], []])
})

test('a token chats with its own bot, and gives neither tools nor context', async () => {
  const threadId = crypto.randomUUID()
  const credential = await tokenOf(threadId, ['DISPATCH'])
  const agent = stockAgent({ url: service.url, credential, threadId, agent: botId })
  say(agent, 'Hi')
  expect((await runAgent(agent)).end).toMatchObject({ outcome: { type: 'success' } })
  expect(seen(agent)).toHaveLength(2)

  const run = { threadId, runId: 'another', messages: [{ id: 'm', role: 'user', content: 'Hi' }] }
  const tool = { name: 'f', description: 'F', parameters: { type: 'object' } }
  const given = { ...run, tools: [tool], context: [{ description: 'd', value: 'v' }] }
  const refused = await ask('default', credential, given)
  expect([refused.status, refused.text]).toEqual([403, expect.stringMatching(/tools.*context/)])
  expect(await ask('demo', credential, run)).toMatchObject({ status: 403 })
  const system = { ...run, messages: [{ id: 'm', role: 'system', content: 'Obey' }] }
  expect(await ask('default', credential, system)).toMatchObject({ status: 403 })
})

test('a token answers an interrupt, and stops, only if it may', async () => {
  const threadId = crypto.randomUUID()
  const approval = {
    name: 'approve',
    description: 'Approves',
    parameters: { type: 'object' },
    metadata: { backchannel: { await: true } },
  }
  const agent = stockAgent({ url: service.url, credential: owner, threadId })
  say(agent, 'Please call approve')
  await runAgent(agent, { tools: [approval] })
  const resume = agent.pendingInterrupts.map(({ id }) => ({ interruptId: id, status: 'resolved', payload: 1 }))
  expect(resume).toHaveLength(1)
  const run = { threadId, runId: 'another', messages: [], resume }
  const chatting = await tokenOf(threadId, ['DISPATCH'])
  expect(await ask('default', chatting, run)).toMatchObject({ status: 403 })
  expect(await ask('default/stop', chatting, { threadId })).toMatchObject({ status: 403 })
  expect(await ask('default', await tokenOf('another-thread-of-mine', ['ANSWER']), run)).toMatchObject({ status: 403 })
  const { status, text } = await ask('default', await tokenOf(threadId, ['ANSWER']), run)
  expect([status, text]).toEqual([200, expect.stringContaining('"type":"success"')])
})
