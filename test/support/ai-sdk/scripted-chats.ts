import { Chat } from '@ai-sdk/react'
import { type ChatInit, DefaultChatTransport, type UIMessage } from 'ai'
import { expect } from 'vitest'
import { createScriptedModel, type ScriptedCall, scriptedProvider } from '../run/scripted-model.ts'
import { type Service, startService } from '../service/start-service.ts'

const key = 'a-key-of-the-owner'

export interface ChatOptions extends Omit<ChatInit<UIMessage>, 'transport'> {
  readonly body?: object
  /** Default: the key of the account. */
  readonly credential?: string
  readonly fetch?: typeof globalThis.fetch
}

export interface ScriptedChats {
  readonly service: Service
  /** The stock client, on the stock transport. */
  chat(options?: ChatOptions): Chat<UIMessage>
  /** Asks for a path below a chat's own, as the account. */
  get(id: string, path?: string): Promise<Response>
  post(id: string, path: string): Promise<Response>
}

/** A service whose model says these lines, call by call. */
export function startScriptedChats(...script: readonly ScriptedCall[]): Promise<ScriptedChats> {
  return startChats({}, ...script)
}

/** The same with variables of its own. */
export async function startChats(
  env: Readonly<Record<string, string>>,
  ...script: readonly ScriptedCall[]
): Promise<ScriptedChats> {
  const provider = scriptedProvider(createScriptedModel(script, 'scripted'))
  const service = await startService({
    model: 'scripted',
    providers: [provider],
    env: { API_KEYS: `owner:${key}`, ...env },
  })
  const api = `${service.url}/ai-sdk/chat`
  const ask = (method: string, id: string, path: string) =>
    fetch(`${api}/${id}/${path}`, { method, headers: { authorization: `Bearer ${key}` } })
  return {
    service,
    chat({ body = {}, credential = key, fetch = globalThis.fetch, ...init } = {}) {
      const headers = { authorization: `Bearer ${credential}` }
      return new Chat({
        id: crypto.randomUUID(),
        ...init,
        transport: new DefaultChatTransport({ api, headers, body, fetch }),
      })
    },
    get: (id, path = 'stream') => ask('GET', id, path),
    post: (id, path) => ask('POST', id, path),
  }
}

export const textOf = (message: UIMessage | undefined) =>
  (message?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')

/** The newest message reads so. */
export const untilSaid = (chat: Chat<UIMessage>, text: string) =>
  expect.poll(() => textOf(chat.messages.at(-1)), { timeout: 20_000 }).toBe(text)
