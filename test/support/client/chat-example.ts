import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { BrowserContext } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { opened } from '../lifetime/opened.ts'
import type { PackedClient } from './packed-client.ts'

const folderOf = (name: string) => fileURLToPath(new URL(`../../../examples/${name}/`, import.meta.url))

type Built = Rolldown.RolldownOutput['output']

/** The page of examples/chat as its user builds it: the folder copied, the packed client beside it, and its own vite.config.mjs. */
async function buildChat({ dir }: PackedClient): Promise<Built> {
  const root = join(dir, 'chat')
  cpSync(folderOf('chat'), root, { recursive: true })
  const built = await build({
    root,
    logLevel: 'error',
    // Vitest's environment would have it call what React has in development only.
    oxc: { jsx: { development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false },
  })
  return (built as Rolldown.RolldownOutput).output
}

/** The token server of an example; the address at which it listens. */
export async function startTokens(name: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = opened(
    spawn(process.execPath, [join(folderOf(name), 'server.mjs')], {
      env: { ...process.env, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
    end,
  )
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return /http:\S+/.exec(line)?.[0] ?? ''
}

async function end(child: ChildProcess): Promise<void> {
  if (!child.kill()) return
  await once(child, 'exit')
}

/** Serves examples/chat at `/chat`, its tokens among it. The result says how many tokens have been asked for. */
export async function serveChat(
  visitor: BrowserContext,
  { client, env }: { readonly client: PackedClient; readonly env: Readonly<Record<string, string>> },
): Promise<() => number> {
  const [built, tokens] = await Promise.all([buildChat(client), startTokens('chat', env)])
  let asked = 0
  // To Chromium a page that no server sends comes from elsewhere, and may open no WebSocket to this machine.
  await visitor.grantPermissions(['local-network-access'])
  await visitor.route('**/my-chat', async (route) => {
    asked += 1
    await route.fulfill({ response: await route.fetch({ url: tokens }) })
  })
  for (const file of built) {
    const body = file.type === 'asset' ? Buffer.from(file.source) : file.code
    const isPage = file.fileName === 'index.html'
    const contentType = isPage ? 'text/html' : file.fileName.endsWith('.css') ? 'text/css' : 'text/javascript'
    await visitor.route(`**/${isPage ? 'chat' : file.fileName}`, (route) => route.fulfill({ contentType, body }))
  }
  return () => asked
}
