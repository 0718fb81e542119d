import { execFileSync } from 'node:child_process'
import type { BrowserContext, Page, WebSocket } from 'playwright-core'
import { root } from '../house/imports.ts'
import { dataOf } from './isolation/callers.ts'
import { inScope } from './lifetime/opened.ts'
import { freePort, startRedis } from './redis/redis-server.ts'
import { type ServiceProcess, startProcess } from './service/start-process.ts'
import { startService } from './service/start-service.ts'

/** The console on a whole service with Redis: a worker that stays, and an API that can be killed and started again. */
export interface ConsoleService {
  readonly url: string
  /** Of two accounts. */
  readonly keys: readonly [one: string, other: string]
  kill(): Promise<void>
  restart(): Promise<void>
  ask<Data>(query: string, variables?: object): Promise<Data>
  /** A run of the first account. */
  dispatch(input: object): Promise<string>
}

export async function startConsole(
  model: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ConsoleService> {
  execFileSync(process.execPath, ['console/build.mjs'], { cwd: root })
  const keys = ['the-key-of-the-first-account', 'the-key-of-the-other-account'] as const
  const [redis, port] = [await startRedis(), await freePort()]
  const inFile = inScope()
  const env = {
    REDIS_URL: redis.url,
    PORT: String(port),
    DEFAULT_MODEL: model,
    API_KEYS: `first:${keys[0]},other:${keys[1]}`,
    TOKEN_SECRET: 'x'.repeat(43),
    ...more,
  }
  await startService({ redisUrl: redis.url, role: 'worker', model })
  let api: ServiceProcess = await startProcess('api', env)
  const url = `http://127.0.0.1:${port}`
  const ask = <Data>(query: string, variables = {}) =>
    dataOf<Data>(url, { query, variables, authorization: `Bearer ${keys[0]}` })
  return {
    url,
    keys,
    ask,
    async kill() {
      await api.kill('SIGKILL')
    },
    async restart() {
      api = await inFile(() => startProcess('api', env))
    },
    async dispatch(input) {
      const query = 'mutation($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
      const messages = [{ type: 'USER', text: 'Hello!' }]
      const made = await ask<{ dispatchConversation: { channelId: string } }>(query, { input: { messages, ...input } })
      return made.dispatchConversation.channelId
    },
  }
}

/** A page whose tab has a key already, as after signing in. */
export async function openPage(context: BrowserContext, url: string, key: string): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript((credential) => sessionStorage.setItem('backchannel.credential', credential), key)
  await page.goto(url)
  return page
}

/** How many WebSockets of a page were open at once, at the most. */
export function countSockets(page: Page): () => number {
  const open = new Set<WebSocket>()
  let most = 0
  // Those of a page that is left close with it, untold.
  page.on('request', (request) => {
    if (request.isNavigationRequest()) open.clear()
  })
  page.on('websocket', (socket) => {
    open.add(socket)
    most = Math.max(most, open.size)
    socket.on('close', () => open.delete(socket))
    socket.on('socketerror', () => open.delete(socket))
  })
  return () => most
}
