import {
  isToolUIPart,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  type UIMessage,
} from 'ai'
import { describe, expect, test } from 'vitest'
import { startScriptedChats, textOf, untilSaid } from '../../support/ai-sdk/scripted-chats.ts'
import { botThatAsks } from '../../support/approval/approval.ts'

const sendAutomaticallyWhen = lastAssistantMessageIsCompleteWithToolCalls
const look = { name: 'look', description: 'Looks', parameters: { type: 'object' } }

/** Counts what is posted. */
function counting() {
  const posts: string[] = []
  const fetching: typeof fetch = (input, init) => {
    if (init?.method === 'POST') posts.push(String(input))
    return fetch(input, init)
  }
  return { posts, fetch: fetching }
}

describe('what users of useChat report of other servers', () => {
  test('vercel/ai#18457: a page that was loaded before a question was asked elsewhere shows the answer before it once', async () => {
    const gate = Promise.withResolvers<void>()
    const { chat } = await startScriptedChats({ lines: ['First.'] }, { lines: ['Sec', gate.promise, 'ond.'] })
    const page = chat()
    await page.sendMessage({ text: 'One?' })
    const other = chat({ id: page.id, messages: structuredClone(page.messages) })
    const asking = other.sendMessage({ text: 'Two?' })
    await untilSaid(other, 'Sec')
    const resuming = page.resumeStream()
    await untilSaid(page, 'Sec')
    gate.resolve()
    await Promise.all([asking, resuming])
    expect(page.messages.map(textOf)).toEqual(['One?', 'First.', 'Second.'])
  })

  test('vercel/ai#7683: a run that stops behind a tool of the server is not sent on by the client', async () => {
    const { chat } = await startScriptedChats({ lines: [{ call: 'look' }] })
    const { posts, fetch } = counting()
    const functions = [{ ...look, result: { data: 'blue' } }]
    const page = chat({ body: { functions, limits: { iterations: 1 } }, sendAutomaticallyWhen, fetch })
    await page.sendMessage({ text: 'Hello' })
    expect([page.status, posts.length]).toEqual(['ready', 1])
    expect(page.messages[1]?.parts.at(-1)).toMatchObject({ state: 'output-available', output: 'blue' })
  })

  test('cloudflare/agents#1586: what follows the output of a tool is told as it is said', async () => {
    const gate = Promise.withResolvers<void>()
    const { chat } = await startScriptedChats(
      { lines: ['Hm. ', { call: 'look' }] },
      { lines: ['Half ', gate.promise, 'blue.'] },
    )
    const page = chat({ body: { functions: [look] }, sendAutomaticallyWhen })
    await page.sendMessage({ text: 'Hello' })
    const [call] = page.messages[1]?.parts.filter(isToolUIPart) ?? []
    void page.addToolOutput({ tool: 'look', toolCallId: call?.toolCallId ?? '', output: 1 })
    await untilSaid(page, 'Hm. Half ')
    gate.resolve()
    await untilSaid(page, 'Hm. Half blue.')
  })

  test('TanStack/ai#1214: a tool that is answered after Stop starts nothing', async () => {
    const { chat, post } = await startScriptedChats({ lines: [{ call: 'look' }] }, { lines: ['More.'] })
    const { posts, fetch } = counting()
    const page = chat({ body: { functions: [look] }, sendAutomaticallyWhen, fetch })
    await page.sendMessage({ text: 'Hello' })
    expect((await post(page.id, 'stop')).status).toBe(204)
    const [call] = page.messages[1]?.parts.filter(isToolUIPart) ?? []
    await page.addToolOutput({ tool: 'look', toolCallId: call?.toolCallId ?? '', output: 1 })
    await expect.poll(() => [page.status, posts.length], { timeout: 20_000 }).toEqual(['ready', 2])
    await page.resumeStream()
    expect([page.status, page.messages.length, textOf(page.messages[1])]).toEqual(['ready', 2, ''])
  })

  test('vercel/chatbot#1466: a page that is loaded again shows its question, and its answer to the end', async () => {
    const gate = Promise.withResolvers<void>()
    const { chat, get } = await startScriptedChats({ lines: ['Half ', gate.promise, 'and half.'] })
    const page = chat()
    const asking = page.sendMessage({ text: 'Hello' })
    await untilSaid(page, 'Half ')
    const again = chat({ id: page.id, messages: await (await get(page.id, 'messages')).json() })
    expect(again.messages.map(textOf)).toEqual(['Hello', 'Half '])
    const resuming = again.resumeStream()
    gate.resolve()
    await Promise.all([asking, resuming])
    expect(again.messages.map(textOf)).toEqual(['Hello', 'Half and half.'])
  })

  test('vercel/ai#14688: a page that holds half a thought and half a text has each once', async () => {
    const gate = Promise.withResolvers<void>()
    const { chat, get } = await startScriptedChats({
      lines: [{ reasoning: 'Let me ' }, 'Half ', gate.promise, 'and half.'],
    })
    const page = chat()
    const asking = page.sendMessage({ text: 'Hello' })
    await untilSaid(page, 'Half ')
    const again = chat({ id: page.id, messages: (await (await get(page.id, 'messages')).json()) as UIMessage[] })
    expect(again.messages.at(-1)?.parts.filter(({ type }) => type === 'reasoning')).toHaveLength(1)
    const resuming = again.resumeStream()
    gate.resolve()
    await Promise.all([asking, resuming])
    expect(again.messages.at(-1)).toEqual(page.messages.at(-1))
    expect(again.messages.at(-1)?.parts.map((part) => ('text' in part ? part.text : part.type))).toEqual([
      'step-start',
      'Let me ',
      'Half and half.',
    ])
  })

  test('vercel/ai#17136: of calls that wait to be approved at once, the denied one is denied and the other carried out', async () => {
    const mail = (text: string) => ({ call: 'send_mail', arguments: { text } })
    const { chat, service } = await startScriptedChats(
      { lines: [mail('one'), mail('two')] },
      { lines: ['One is sent.'] },
    )
    const { posts, fetch } = counting()
    const page = chat({
      body: { botId: await botThatAsks(service.url, 'Bearer a-key-of-the-owner') },
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
      fetch,
    })
    await page.sendMessage({ text: 'Mail both.' })
    const calls = () => page.messages.at(-1)?.parts.filter(isToolUIPart) ?? []
    for (const [n, { approval }] of calls().entries()) {
      await page.addToolApprovalResponse({ id: approval?.id ?? '', approved: n === 0 })
    }
    await untilSaid(page, 'One is sent.')
    expect(calls().map(({ state, output }) => [state, output])).toEqual([
      ['output-available', 'Sent: one'],
      ['output-denied', undefined],
    ])
    await expect.poll(() => [page.status, posts.length], { timeout: 20_000 }).toEqual(['ready', 2])
    const late = chat({ id: page.id })
    await late.resumeStream()
    expect(late.messages.at(-1)).toEqual(page.messages.at(-1))
  })

  test('vercel/ai#19088: a client that counts chunks gets the same ones behind each place, also around a tool', async () => {
    const { service, get } = await startScriptedChats(
      { lines: ['Hm. ', { call: 'look' }] },
      { lines: ['It is ', 'blue.'] },
    )
    const id = crypto.randomUUID()
    const body = {
      id,
      messages: [{ id: 'm1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      functions: [{ ...look, result: { data: 'blue' } }],
      startIndex: 0,
    }
    const headers = { authorization: 'Bearer a-key-of-the-owner', 'content-type': 'application/json' }
    const asked = await fetch(`${service.url}/ai-sdk/chat`, { method: 'POST', headers, body: JSON.stringify(body) })
    const framesOf = async (response: Response) => (await response.text()).split('\n\n').slice(0, -1)
    const whole = await framesOf(asked)
    expect(whole.join()).toContain('tool-output-available')
    const run = encodeURIComponent(asked.headers.get('x-workflow-run-id') ?? '')
    for (let k = 0; k < whole.length; k++) {
      const rest = await framesOf(await get(run, `stream?startIndex=${k}`))
      expect([...whole.slice(0, k), ...rest]).toEqual(whole)
    }
  })
})
