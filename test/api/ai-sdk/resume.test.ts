import { isToolUIPart } from 'ai'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type ScriptedChats,
  startChats,
  startScriptedChats,
  textOf,
  untilSaid as until,
} from '../../support/ai-sdk/scripted-chats.ts'
import { mintConversationToken } from '../../support/isolation/callers.ts'
import type { ScriptedCall } from '../../support/run/scripted-model.ts'

const key = 'a-key-of-the-owner'
let chats: ScriptedChats
let gate: PromiseWithResolvers<void>
beforeEach(() => {
  gate = Promise.withResolvers()
})

const saying = async (...script: readonly ScriptedCall[]) => {
  chats = await startScriptedChats(...script)
}
const chatOf: ScriptedChats['chat'] = (options) => chats.chat(options)
const get: ScriptedChats['get'] = (id, path) => chats.get(id, path)
const post: ScriptedChats['post'] = (id, path) => chats.post(id, path)

/** Fetches, until it is cut: then what is open breaks as the network does it, and nothing can be fetched. */
function network() {
  const open = new Set<ReadableStreamDefaultController>()
  let isCut = false
  const carried: typeof fetch = async (input, init) => {
    if (isCut) throw new TypeError('fetch failed')
    const response = await fetch(input, init)
    const reader = response.body?.getReader()
    if (reader === undefined) return response
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => void open.add(controller),
      async pull(controller) {
        const { done, value } = await reader.read()
        if (isCut) return
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: () => reader.cancel(),
    })
    return new Response(body, response)
  }
  const cut = () => {
    isCut = true
    for (const controller of open) controller.error(new TypeError('network error'))
    open.clear()
  }
  const mend = () => {
    isCut = false
  }
  return { fetch: carried, cut, mend }
}

describe('an answer that is cut', () => {
  test('is whole once it is resumed, while it goes on, and is told to have finished', async () => {
    await saying({ lines: ['Half ', gate.promise, 'and half.'] })
    const wire = network()
    const ends: unknown[] = []
    const chat = chatOf({
      fetch: wire.fetch,
      onFinish: ({ isDisconnect, finishReason }) => ends.push({ isDisconnect, finishReason }),
    })
    const asking = chat.sendMessage({ text: 'Hello' })
    await until(chat, 'Half ')
    wire.cut()
    await asking
    expect([chat.status, textOf(chat.messages[1])]).toEqual(['error', 'Half '])
    wire.mend()
    const resuming = chat.resumeStream()
    gate.resolve()
    await resuming
    expect([chat.status, chat.messages.length, textOf(chat.messages[1])]).toEqual(['ready', 2, 'Half and half.'])
    expect(ends).toEqual([
      { isDisconnect: true, finishReason: undefined },
      { isDisconnect: false, finishReason: 'stop' },
    ])
  })

  test('is whole also where it has ended meanwhile: 204 would have declared the half of it ready', async () => {
    await saying({ lines: ['Half ', gate.promise, 'and half.'] })
    const wire = network()
    const chat = chatOf({ fetch: wire.fetch })
    const asking = chat.sendMessage({ text: 'Hello' })
    await until(chat, 'Half ')
    wire.cut()
    await asking
    gate.resolve()
    await expect.poll(async () => (await get(chat.id)).text(), { timeout: 20_000 }).toContain('[DONE]')
    wire.mend()
    await chat.resumeStream()
    expect([chat.status, chat.messages.length, textOf(chat.messages[1])]).toEqual(['ready', 2, 'Half and half.'])
  })

  test('breaks the connection when the server closes', async () => {
    await saying({ lines: ['Half ', gate.promise, 'and half.'] })
    const chat = chatOf()
    const asking = chat.sendMessage({ text: 'Hello' })
    await until(chat, 'Half ')
    await chats.service.close()
    await asking
    expect([chat.status, textOf(chat.messages[1])]).toEqual(['error', 'Half '])
  })

  test('breaks it when its token expires, and goes on with another one', async () => {
    await saying({ lines: ['Half ', gate.promise, 'and half.'] })
    const id = crypto.randomUUID()
    const { id: botId } = (await (
      await fetch(`${chats.service.url}/v1/bot/create`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: '{"name":"Ada"}',
      })
    ).json()) as { id: string }
    const mint = (expiresInSeconds: number) =>
      mintConversationToken(chats.service.url, key, {
        conversationId: id,
        botId,
        allow: ['DISPATCH'],
        expiresInSeconds,
      })
    const chat = chatOf({ id, credential: await mint(1) })
    await chat.sendMessage({ text: 'Hello' })
    expect([chat.status, textOf(chat.messages[1])]).toEqual(['error', 'Half '])
    gate.resolve()
    const later = chatOf({ id, messages: chat.messages, credential: await mint(60) })
    await later.resumeStream()
    expect([later.status, later.messages.length, textOf(later.messages[1])]).toEqual(['ready', 2, 'Half and half.'])
  })

  test('is whole in every page that asks for it, also in one that asks twice at once', async () => {
    await saying({ lines: ['Half ', gate.promise, 'and half.'] })
    const chat = chatOf()
    const asking = chat.sendMessage({ text: 'Hello' })
    await until(chat, 'Half ')
    const second = chatOf({ id: chat.id })
    const resuming = [second.resumeStream(), second.resumeStream()]
    await until(second, 'Half ')
    gate.resolve()
    await Promise.all([asking, ...resuming])
    for (const each of [chat, second])
      expect([each.status, textOf(each.messages.at(-1))]).toEqual(['ready', 'Half and half.'])
    expect(second.messages).toHaveLength(1)
  })
})

describe('an answer that is not kept any more', () => {
  test('is nothing to resume, and stays as the page shows it', async () => {
    chats = await startChats({ RETENTION_SECONDS: '1', RECORD_RETENTION_SECONDS: '60' }, { lines: ['Hello.'] })
    const chat = chatOf()
    await chat.sendMessage({ text: 'Hello' })
    await expect.poll(async () => (await get(chat.id)).status, { timeout: 20_000 }).toBe(204)
    await chat.resumeStream()
    expect([chat.status, chat.error, textOf(chat.messages[1])]).toEqual(['ready', undefined, 'Hello.'])
    expect(await (await get(chat.id, 'messages')).json()).toMatchObject([{ role: 'user' }, { role: 'assistant' }])
  })

  test('takes no results of its calls any more', async () => {
    const look = { name: 'look', description: 'x', parameters: { type: 'object' }, result: null }
    const script = [{ lines: [{ call: 'look' }] }, { lines: ['Blue.'] }]
    chats = await startChats({ RETENTION_SECONDS: '1', RECORD_RETENTION_SECONDS: '60' }, ...script)
    const chat = chatOf({ body: { functions: [look] } })
    await chat.sendMessage({ text: 'Hello' })
    await expect.poll(async () => (await get(chat.id)).status, { timeout: 20_000 }).toBe(204)
    const [call] = chat.messages[1]?.parts.filter(isToolUIPart) ?? []
    await chat.addToolOutput({ tool: 'look', toolCallId: call?.toolCallId ?? '', output: 'blue' })
    await chat.sendMessage()
    expect([chat.status, chat.error?.message]).toEqual(['error', expect.stringContaining('no answer')])
  })
})

describe('Stop', () => {
  test('by the client alone leaves the answer going; by the server it ends it, as far as it came', async () => {
    await saying({ lines: ['Half ', gate.promise, 'and half.'] }, { lines: ['Half ', new Promise(() => {})] })
    const chat = chatOf()
    const asking = chat.sendMessage({ text: 'Hello' })
    await until(chat, 'Half ')
    await chat.stop()
    await asking
    gate.resolve()
    await chat.resumeStream()
    expect(textOf(chat.messages[1])).toBe('Half and half.')

    const reasons: unknown[] = []
    const other = chatOf({ onFinish: ({ finishReason }) => reasons.push(finishReason) })
    const again = other.sendMessage({ text: 'Hello' })
    await until(other, 'Half ')
    expect((await post(other.id, 'stop')).status).toBe(204)
    await again
    expect([other.status, reasons, textOf(other.messages[1])]).toEqual(['ready', ['interrupted'], 'Half '])
    expect((await post(other.id, 'stop')).status).toBe(204)
  })
})

describe('a failed run', () => {
  test('is an error in the client that asked, and in each that resumes', async () => {
    await saying({ lines: ['Half '], finish: 'filtered' })
    const chat = chatOf()
    await chat.sendMessage({ text: 'Hello' })
    expect([chat.status, chat.error?.message]).toEqual(['error', expect.stringContaining('filter')])
    await chat.resumeStream()
    expect([chat.status, chat.messages.length]).toEqual(['error', 2])
  })
})

describe("Workflow's transport", () => {
  interface Part {
    readonly type: string
    readonly delta?: string
  }
  /** As it counts them. */
  const partsOf = (text: string): readonly Part[] =>
    text.split('\n\n').flatMap((frame) => (frame.startsWith('data: {') ? JSON.parse(frame.slice(6)) : []))
  const words = (parts: readonly Part[]) => parts.map(({ delta = '' }) => delta).join('')
  const ask = (id: string) =>
    fetch(`${chats.service.url}/ai-sdk/chat`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        id,
        messages: [{ id: 'm1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        startIndex: 0,
      }),
    })

  test('goes on behind the chunks that it has, wherever it lost the connection', async () => {
    await saying({ lines: ['On', 'ce up', 'on a ', 'time.'] })
    const id = crypto.randomUUID()
    const response = await ask(id)
    const run = response.headers.get('x-workflow-run-id') ?? ''
    const whole = partsOf(await response.text())
    expect(words(whole)).toBe('Once upon a time.')
    expect(whole.at(-1)?.type).toBe('finish')
    for (const cut of whole.keys()) {
      expect(partsOf(await (await get(encodeURIComponent(run), `stream?startIndex=${cut}`)).text())).toEqual(
        whole.slice(cut),
      )
    }
    expect(partsOf(await (await get(id, 'stream?startIndex=0')).text())).toEqual(whole)
  })

  test('gets the last chunks, and is told where they stand', async () => {
    await saying({ lines: ['Once upon a time.'] })
    const id = crypto.randomUUID()
    const whole = partsOf(await (await ask(id)).text())
    const tail = await get(id, 'stream?startIndex=-3')
    expect(tail.headers.get('x-workflow-stream-tail-index')).toBe(String(whole.length - 1))
    expect(partsOf(await tail.text())).toEqual(whole.slice(-3))
  })

  test('gets an end where nothing was ever said: it takes 204 for an error', async () => {
    await saying({ lines: ['Hello.'] })
    const nothing = await get(crypto.randomUUID(), 'stream?startIndex=0')
    expect([nothing.status, partsOf(await nothing.text())]).toEqual([200, [{ type: 'finish' }]])
    expect((await get(crypto.randomUUID(), 'stream')).status).toBe(204)
  })

  test('is refused what is no run, or another account’s', async () => {
    await saying({ lines: ['Hello.'] })
    expect((await get('channel-of-nobody.0.answer_channel-of-nobody', 'stream?startIndex=0')).status).toBe(404)
    expect((await get(crypto.randomUUID(), 'stream?startIndex=x')).status).toBe(400)
  })
})
