import { Chat } from '@ai-sdk/react'
import { type UIMessage, WebSocketChatTransport } from 'ai'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startProcess } from '../../support/service/start-process.ts'

const textOf = (message: UIMessage | undefined) =>
  message?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? ''

test('a worker killed in mid-answer and an API killed in mid-stream: WebSocketChatTransport has the right text, once', async () => {
  const env = { REDIS_URL: (await startRedis()).url, LEASE_MS: '1000', DEFAULT_MODEL: 'demo/delayMs=20/words=60' }
  const [here, there, worker] = await Promise.all([
    startProcess('api', env),
    startProcess('api', env),
    startProcess('worker', env),
  ])
  const ends: boolean[] = []
  const chatAt = ({ url }: { readonly url: string }, id: string, messages: UIMessage[] = []) => {
    const transport = new WebSocketChatTransport({ url: `${url}/ai-sdk/chat`, webSocket: WebSocket as never })
    onTestFinished(() => transport.close())
    return new Chat({ id, messages, transport, onFinish: ({ isDisconnect }) => void ends.push(isDisconnect) })
  }
  const chat = chatAt(here, crypto.randomUUID())
  const words = () => textOf(chat.messages[1]).split(' ').length
  const asked = chat.sendMessage({ text: 'Hi' })
  await expect.poll(words, { timeout: 20_000, interval: 5 }).toBeGreaterThan(20)
  await worker.kill('SIGKILL')
  await startProcess('worker', env)
  // The next worker begins anew, in the same message.
  await expect.poll(words, { timeout: 40_000, interval: 5 }).toBeLessThan(15)
  await expect.poll(words, { timeout: 20_000, interval: 5 }).toBeGreaterThan(20)
  await here.kill('SIGKILL')
  await asked
  expect([chat.status, ends]).toEqual(['error', [true]])

  const later = chatAt(there, chat.id, structuredClone(chat.messages))
  await later.resumeStream()
  const history = (await (await fetch(`${there.url}/ai-sdk/chat/${chat.id}/messages`)).json()) as UIMessage[]
  expect([later.status, later.messages.length]).toEqual(['ready', 2])
  expect(textOf(later.messages[1])).toBe(textOf(history[1]))
  expect(textOf(later.messages[1]).split(/\s+/)).toHaveLength(60)
}, 120_000)
