import { Chat } from '@ai-sdk/react'
import { DefaultChatTransport } from 'ai'
import { describe, expect, onTestFinished, test } from 'vitest'
import { codeBlocks } from '../../house/pages.ts'
import { say, stockAgent } from '../../support/ag-ui/stock-agent.ts'
import { openClient } from '../../support/openai/client.ts'
import { replacedOnce, startNginx } from '../../support/proxy/nginx.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { startService } from '../../support/service/start-service.ts'

interface Target {
  readonly url: string
}

/** The text of the page, with one process for both. */
function asInThePage({ url }: Target): string {
  const [text = ''] = codeBlocks('docs/operations/behind-a-proxy.md', 'nginx')
  const { host } = new URL(url)
  return replacedOnce(replacedOnce(text, '127.0.0.1:4001', host), '127.0.0.1:4002', host)
}

/** `proxy_pass` and nothing else, which speaks HTTP/1.0 with us. */
const bare = ({ url }: Target) => `server { listen 80; location / { proxy_pass ${url}; } }`

const fronts = [
  ['as in the page', asInThePage],
  ['with proxy_pass alone', bare],
] as const

/** What each front end asks first. */
const questions = {
  '/ai-sdk/chat': {
    id: 'a-chat-behind-nginx',
    messages: [{ id: 'a-question', role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
  },
  '/openai/v1/responses': { model: 'scripted', input: 'Hi', stream: true },
  '/ag-ui/default': {
    ...{ threadId: 'a-thread-behind-nginx', runId: 'r', tools: [], context: [], state: {} },
    messages: [{ id: 'u', role: 'user', content: 'Hi' }],
  },
}

/** A model that says a word only when its reader has got the one before the last: a facade may hold the last back until it knows where that ends. */
function openSpeech() {
  const words = Array.from({ length: 8 }, (_, n) => `word${n} `)
  const heard = words.map(() => Promise.withResolvers<void>())
  const lines = words.flatMap((word, n) => (n < 2 ? [word] : [heard[n - 2]?.promise ?? word, word]))
  const hear = (text: string) => {
    for (const [n, word] of words.entries()) if (text.includes(word)) heard[n]?.resolve()
  }
  return { lines, hear }
}

test.each(fronts)(
  'nginx %s passes on each word before the next but one is said',
  async (_name, configuration) => {
    const speeches = Object.keys(questions).map(openSpeech)
    const model = createScriptedModel(speeches.map(({ lines }) => ({ lines })))
    const service = await startService({ model: 'scripted', providers: [scriptedProvider(model)] })
    const nginx = await startNginx(configuration(service))
    for (const [n, [path, question]] of Object.entries(questions).entries()) {
      const answer = await fetch(nginx.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(question),
        signal: AbortSignal.timeout(20_000),
      })
      let text = ''
      for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk
        speeches[n]?.hear(text)
      }
      expect(text, path).toMatch(/finish|response\.completed|RUN_FINISHED/)
    }
  },
  60_000,
)

/** By how each example finds out that an answer was not all: an error, or the last thing that it was told. */
const watchers = {
  async useChat({ url }: Target, onText: () => void) {
    let reason: string | undefined
    const transport = new DefaultChatTransport({ api: `${url}/ai-sdk/chat` })
    const chat = new Chat({
      id: crypto.randomUUID(),
      transport,
      onFinish: (end) => {
        reason = end.finishReason
      },
    })
    const asked = chat.sendMessage({ text: 'Hi' })
    await expect.poll(() => chat.messages[1]?.parts.some(({ type }) => type === 'text'), { timeout: 20_000 }).toBe(true)
    onText()
    await asked
    return chat.error === undefined && reason !== undefined
  },
  async openai({ url }: Target, onText: () => void) {
    const { client } = openClient(url)
    let last = ''
    try {
      for await (const { type } of await client.responses.create({ model: 'demo', input: 'Hi', stream: true })) {
        last = type
        if (type === 'response.output_text.delta') onText()
      }
    } catch {
      return false
    }
    return last === 'response.completed'
  },
  async 'AG-UI'({ url }: Target, onText: () => void) {
    const agent = stockAgent({ url })
    say(agent, 'Hi')
    let isFinished = false
    agent.subscribe({
      onTextMessageContentEvent: onText,
      onRunFinishedEvent: () => {
        isFinished = true
      },
    })
    return agent.runAgent().then(
      () => isFinished,
      () => false,
    )
  },
}

describe.each(fronts)('behind nginx %s', (_name, configuration) => {
  test('a server that is killed in mid-answer is no end for any stock client', async () => {
    const service = await startProcess('all', { DEFAULT_MODEL: 'demo/delayMs=20/words=2000' })
    const nginx = await startNginx(configuration(service))
    // The stock client of AG-UI leaves the rejection of a body that has broken off to nobody.
    const begun = Object.keys(watchers).map(() => Promise.withResolvers<void>())
    const ended = Object.values(watchers).map((watch, n) => watch(nginx, () => begun[n]?.resolve()))
    onTestFinished(() => void Promise.allSettled(ended))
    await Promise.all(begun.map(({ promise }) => promise))
    await service.kill('SIGKILL')
    expect(await Promise.all(ended)).toEqual([false, false, false])
  })
})
