import { Chat } from '@ai-sdk/react'
import { type ChatInit, lastAssistantMessageIsCompleteWithToolCalls, type UIMessage } from 'ai'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startScriptedChats, textOf, untilSaid } from '../../support/ai-sdk/scripted-chats.ts'
import { installTransports, type WorkflowTransport } from '../../support/ai-sdk/workflow-transports.ts'
import { type CuttingProxy, createCuttingProxy } from '../../support/proxy/cutting-proxy.ts'

const key = 'a-key-of-the-owner'
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
const words = Array.from({ length: 60 }, (_, n) => `word${n} `)
const story = words.join('')

let transports: ReadonlyMap<string, WorkflowTransport>
beforeAll(async () => {
  transports = await installTransports()
}, 120_000)
// The transport writes each broken stream to the console.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))

interface Visiting extends Omit<ChatInit<UIMessage>, 'transport'> {
  readonly url: string
  readonly body?: object
  readonly fetch?: typeof globalThis.fetch
  readonly initialStartIndex?: number
}

/** The stock client on this transport, as the guide sets it up. */
function visit(name: string, { url, body = {}, fetch: send = fetch, initialStartIndex = 0, ...init }: Visiting) {
  const Transport = transports.get(name)
  if (Transport === undefined) throw new Error(`${name} has no transport.`)
  const asked: string[] = []
  const ended: number[] = []
  const transport = new Transport({
    api: `${url}/ai-sdk/chat`,
    fetch: (input, init) => {
      asked.push(`${init?.method ?? 'GET'} ${new URL(String(input)).search}`)
      return send(input, init)
    },
    initialStartIndex,
    onChatEnd: ({ chunkIndex }) => ended.push(chunkIndex),
    prepareSendMessagesRequest: ({ id, messages, trigger, messageId }) => ({
      headers,
      body: { ...body, id, messages, trigger, messageId, startIndex: 0 },
    }),
    prepareReconnectToStreamRequest: ({ api }) => ({ api, headers }),
  })
  return { chat: new Chat({ id: crypto.randomUUID(), ...init, transport }), asked, ended }
}

const state = ({ status, error, messages }: Chat<UIMessage>) => [status, error?.message, messages.map(textOf)]

/** Cuts the connection so often while an answer is told, each time after so many bytes. */
function cutting(proxy: CuttingProxy, times: number, bytes: number): typeof globalThis.fetch {
  let left = times
  return async (input, init) => {
    if (left > 0) proxy.cutAfter(bytes)
    left -= 1
    return fetch(input, init)
  }
}

describe.each(['@ai-sdk/workflow', '@workflow/ai'])('the stock transport of %s', (name) => {
  test('goes on behind what it has when its connection breaks, and has the answer whole, once', async () => {
    const { service } = await startScriptedChats({ lines: words })
    const proxy = await createCuttingProxy(service.url)
    const { chat, asked, ended } = visit(name, { url: proxy.url, fetch: cutting(proxy, 3, 1200) })
    await chat.sendMessage({ text: 'Tell me.' })
    expect(state(chat)).toEqual(['ready', undefined, ['Tell me.', story]])
    const places = asked.slice(1).map((query) => Number(/^GET \?startIndex=(\d+)$/.exec(query)?.[1]))
    expect([asked[0], places.length]).toEqual(['POST ', 3])
    expect(places.toSorted((a, b) => a - b)).toEqual([...new Set(places)])
    // start, start-step, text-start, the words, text-end, finish-step, finish
    expect(ended).toEqual([words.length + 6])
  })

  test('gives up when three connections in a row break; whoever asks again has the answer once', async () => {
    const { service } = await startScriptedChats({ lines: words })
    const proxy = await createCuttingProxy(service.url)
    const { chat } = visit(name, { url: proxy.url, fetch: cutting(proxy, 4, 900) })
    await chat.sendMessage({ text: 'Tell me.' })
    expect([chat.status, chat.error?.message]).toEqual(['error', expect.stringContaining('3 consecutive errors')])
    expect(story.startsWith(textOf(chat.messages[1]))).toBe(true)
    await chat.resumeStream()
    expect(state(chat)).toEqual(['ready', undefined, ['Tell me.', story]])
  })

  test('resumes a page with what was said, and one where nothing was', async () => {
    const gate = Promise.withResolvers<void>()
    const { service, chat: stock, get } = await startScriptedChats({ lines: ['Half ', 'an ', gate.promise, 'answer.'] })
    const empty = visit(name, { url: service.url })
    await empty.chat.resumeStream()
    expect(state(empty.chat)).toEqual(['ready', undefined, []])

    const other = stock()
    const asking = other.sendMessage({ text: 'Tell me.' })
    await untilSaid(other, 'Half an ')
    const messages = (await (await get(other.id, 'messages')).json()) as UIMessage[]
    const page = visit(name, { url: service.url, id: other.id, messages })
    const resuming = page.chat.resumeStream()
    gate.resolve()
    await Promise.all([asking, resuming])
    expect(state(page.chat)).toEqual(['ready', undefined, ['Tell me.', 'Half an answer.']])
  })

  test('has an answer that goes on behind a tool of the page, over cuts, in one message', async () => {
    const look = { name: 'look', description: 'Looks', parameters: { type: 'object' } }
    const { service } = await startScriptedChats({ lines: ['Hm. ', { call: 'look' }] }, { lines: words })
    const proxy = await createCuttingProxy(service.url)
    const { chat } = visit(name, {
      url: proxy.url,
      fetch: cutting(proxy, 3, 1100),
      body: { functions: [look] },
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
      onToolCall: ({ toolCall: { toolCallId } }) => {
        void chat.addToolOutput({ tool: 'look', toolCallId, output: 'blue' })
      },
    })
    await chat.sendMessage({ text: 'Tell me.' })
    await untilSaid(chat, `Hm. ${story}`)
    await expect.poll(() => chat.status, { timeout: 20_000 }).toBe('ready')
    expect(chat.messages).toHaveLength(2)
  })

  test('resumes a page in which a tool waits', async () => {
    const look = { name: 'look', description: 'Looks', parameters: { type: 'object' } }
    const { service, chat: stock, get } = await startScriptedChats({ lines: ['Hm. ', { call: 'look' }] })
    const other = stock({ body: { functions: [look] } })
    await other.sendMessage({ text: 'Tell me.' })
    const messages = (await (await get(other.id, 'messages')).json()) as UIMessage[]
    const { chat } = visit(name, { url: service.url, id: other.id, messages })
    for (const _time of [1, 2]) {
      await chat.resumeStream()
      expect(chat.messages).toEqual(other.messages)
    }
  })

  test('does not ask again for a run that has failed', async () => {
    const { service } = await startScriptedChats({ lines: ['Half '], finish: 'filtered' })
    const { chat, asked } = visit(name, { url: service.url })
    await chat.sendMessage({ text: 'Tell me.' })
    expect([chat.status, chat.error?.message]).toEqual(['error', expect.stringContaining('filter')])
    expect(asked).toEqual(['POST '])
  })
})

test('that of the AI SDK takes the last chunks alone, and drops those whose part begins before them', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { service } = await startScriptedChats({ lines: words })
  const { chat } = visit('@ai-sdk/workflow', { url: service.url })
  await chat.sendMessage({ text: 'Tell me.' })
  const page = visit('@ai-sdk/workflow', { url: service.url, id: chat.id, initialStartIndex: -5 })
  await page.chat.resumeStream()
  expect([page.chat.status, page.asked]).toEqual(['ready', ['GET ?startIndex=-5']])
})
