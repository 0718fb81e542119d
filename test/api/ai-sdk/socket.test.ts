import { Chat } from '@ai-sdk/react'
import {
  isToolUIPart,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  type UIMessage,
  WebSocketChatTransport,
} from 'ai'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { createAiSdkApi } from '../../../src/api/ai-sdk/api.ts'
import { startEdge } from '../../server/edge.ts'
import { botThatAsks } from '../../support/approval/approval.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const secret = 'the-secret-that-signs-channel-tokens'
const [owner, other] = ['a-key-of-the-owner', 'a-key-of-the-other']
const gate = Promise.withResolvers<void>()
const model = createScriptedModel(
  [{ lines: ['One ', 'word.'] }, { lines: ['Two ', gate.promise, 'words.'] }],
  'scripted',
)

let service: Service
beforeAll(async () => {
  service = await startService({
    model: 'scripted',
    providers: [scriptedProvider(model)],
    env: { API_KEYS: `owner:${owner},other:${other}`, TOKEN_SECRET: secret },
  })
})

/** The stock client, on the stock transport. */
function chatOf(id: string = crypto.randomUUID(), key = owner) {
  const transport = new WebSocketChatTransport({
    url: `${service.url}/ai-sdk/chat`,
    headers: { authorization: `Bearer ${key}` },
    webSocket: WebSocket as never,
  })
  onTestFinished(() => transport.close())
  return new Chat({ id, transport })
}

const textOf = (message: UIMessage | undefined) =>
  message?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

test('a question is answered, resumed, and left without being cancelled', async () => {
  const chat = chatOf()
  await chat.resumeStream()
  expect([chat.status, chat.error, chat.messages]).toEqual(['ready', undefined, []])
  await chat.sendMessage({ text: 'Hello' })
  expect([chat.status, chat.error, textOf(chat.messages[1])]).toEqual(['ready', undefined, 'One word.'])
  const before = structuredClone(chat.messages)
  await chat.resumeStream()
  expect(chat.messages).toEqual(before)

  const answering = chat.sendMessage({ text: 'And?' })
  await expect.poll(() => textOf(chat.messages[3]), { timeout: 20_000 }).toBe('Two ')
  const second = chatOf(chat.id)
  const resuming = second.resumeStream()
  await expect.poll(() => textOf(second.messages[0]), { timeout: 20_000 }).toBe('Two ')
  // Leaves the stream. The answer goes on.
  await chat.stop()
  await answering
  gate.resolve()
  await resuming
  expect([second.status, textOf(second.messages[0])]).toEqual(['ready', 'Two words.'])
})

test('a tool of the page is answered, and an ability approved, in one message each', async () => {
  const look = { name: 'look', description: 'Looks', parameters: { type: 'object' } }
  const asking = createScriptedModel([
    { lines: [{ call: 'look' }] },
    { lines: ['I look. ', { call: 'send_mail', arguments: { text: 'blue' } }] },
    { lines: ['Sent.'] },
  ])
  const { url } = await startService({ model: asking.name, providers: [scriptedProvider(asking)] })
  const transport = new WebSocketChatTransport({
    url: `${url}/ai-sdk/chat`,
    webSocket: WebSocket as never,
    body: { botId: await botThatAsks(url), functions: [look] },
  })
  onTestFinished(() => transport.close())
  const chat: Chat<UIMessage> = new Chat({
    id: crypto.randomUUID(),
    transport,
    sendAutomaticallyWhen: (now) =>
      lastAssistantMessageIsCompleteWithToolCalls(now) || lastAssistantMessageIsCompleteWithApprovalResponses(now),
    onToolCall: ({ toolCall: { toolCallId, toolName } }) => {
      if (toolName === 'look') void chat.addToolOutput({ tool: 'look', toolCallId, output: 'blue' })
    },
  })
  await chat.sendMessage({ text: 'Look, and mail it.' })
  const waiting = () => chat.messages[1]?.parts.filter(isToolUIPart).find(({ approval }) => approval !== undefined)
  await expect.poll(() => [chat.status, waiting()?.state], { timeout: 20_000 }).toEqual(['ready', 'approval-requested'])
  await chat.addToolApprovalResponse({ id: waiting()?.approval?.id ?? '', approved: true })
  await expect.poll(() => textOf(chat.messages[1]), { timeout: 20_000 }).toBe('I look. Sent.')
  expect([chat.messages.length, waiting()]).toMatchObject([2, { state: 'output-available', output: 'Sent: blue' }])
})

describe('what a socket refuses', () => {
  test.each([
    ['no credential', ''],
    ['a key of no one', 'a-key-of-no-one-at-all'],
  ])('%s', async (_name, key) => {
    const chat = chatOf(undefined, key)
    await chat.sendMessage({ text: 'Hello' })
    expect([chat.status, chat.error?.message]).toEqual(['error', expect.stringMatching(/credential|API keys/)])
  })

  test('another account sees nothing of a conversation', async () => {
    const chat = chatOf()
    await chat.sendMessage({ text: 'Hello' })
    const stranger = chatOf(chat.id, other)
    await stranger.resumeStream()
    expect([stranger.status, stranger.messages]).toEqual(['ready', []])
  })

  const raw = async (...messages: readonly string[]) => {
    const socket = new WebSocket(`${service.url.replace('http', 'ws')}/ai-sdk/chat`)
    onTestFinished(() => socket.terminate())
    const said: string[] = []
    socket.on('message', (data) => said.push(String(data)))
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    await new Promise((resolve) => socket.once('open', resolve))
    for (const message of messages) socket.send(message)
    return { socket, said, closed }
  }

  test('what is no request closes the connection', async () => {
    for (const text of ['', 'null', '{', '[]', '{"type":"send"}']) expect(await (await raw(text)).closed).toBe(4400)
  })

  test('a request without its form is answered with an error', async () => {
    const { said } = await raw('{"type":"dance","requestId":"1"}', '{"type":"abort","requestId":"never"}')
    await expect
      .poll(() => said, { timeout: 20_000 })
      .toEqual([expect.stringContaining('"type":"error","requestId":"1"')])
  })

  test('more than a quarter of a megabyte before a credential is not kept', async () => {
    expect(await (await raw(JSON.stringify({ type: 'send', text: 'x'.repeat(300_000) }))).closed).toBe(1009)
  })

  test('a message of more values than can be read in one go closes the connection', async () => {
    expect(await (await raw(`[${'0,'.repeat(99_999)}0]`)).closed).toBe(4400)
    expect(await (await raw(`[${'0,'.repeat(100_000)}0]`)).closed).toBe(1009)
  })
})

test('a connection on which no credential comes is closed', async () => {
  const edge = await startEdge({}, { apis: (deps) => [createAiSdkApi(deps)], initTimeoutMs: 20 })
  const socket = new WebSocket(`${edge.url.replace('http', 'ws')}/ai-sdk/chat`)
  onTestFinished(() => socket.terminate())
  expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(4408)
})

test('a server that closes breaks the stream: the client takes it for the network', async () => {
  const forEver = createScriptedModel([{ lines: ['Half ', new Promise(() => {})] }], 'scripted')
  const closing = await startService({ model: 'scripted', providers: [scriptedProvider(forEver)] })
  let isDisconnect = false
  const transport = new WebSocketChatTransport({ url: `${closing.url}/ai-sdk/chat`, webSocket: WebSocket as never })
  onTestFinished(() => transport.close())
  const chat = new Chat({ id: crypto.randomUUID(), transport, onFinish: (end) => (isDisconnect = end.isDisconnect) })
  const answering = chat.sendMessage({ text: 'Hello' })
  await expect.poll(() => textOf(chat.messages[1]), { timeout: 20_000 }).toBe('Half ')
  await closing.close()
  await answering
  expect([chat.status, isDisconnect, textOf(chat.messages[1])]).toEqual(['error', true, 'Half '])
})
