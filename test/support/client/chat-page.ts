import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import type { PackedClient } from './packed-client.ts'

let bundles = 0

/** Bundles a page with the packed client, as a project of a user would. `code` is the entry. */
export async function bundlePage(
  client: PackedClient,
  code: string,
  mode: 'development' | 'production',
): Promise<string> {
  bundles += 1
  const entry = join(client.dir, `page-${bundles}.jsx`)
  writeFileSync(entry, code)
  const output = await build({
    root: client.dir,
    configFile: false,
    logLevel: 'error',
    // Vitest's environment would have it call what React has in development only.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    build: { write: false, modulePreload: false, minify: mode === 'production', rolldownOptions: { input: entry } },
  })
  return (output as Rolldown.RolldownOutput).output[0].code
}

/** A page of examples/react, in strict mode. */
const examplePage = (name: string) => `
import { createRoot } from 'react-dom/client'
import { StrictMode } from 'react'
${readFileSync(new URL(`../../../examples/react/${name}.jsx`, import.meta.url), 'utf8')}
createRoot(document.getElementById('root')).render(<StrictMode>{page}</StrictMode>)`

/** The page of the README. */
export const readmePage = examplePage('chat')
export const conversationPage = examplePage('conversation')

/** A page that counts how often it renders in each frame; of the channel in its address, or of a replay of 10,000 tokens. */
export const countingPage = readFileSync(new URL('counting-page.jsx', import.meta.url), 'utf8')

/** A page that a server has rendered, of the channel in its address. */
export const hydratedPage = readFileSync(new URL('hydrated-page.jsx', import.meta.url), 'utf8')

/** Serves a script as the page at `/NAME` of any host. */
export async function servePage(visitor: BrowserContext, name: string, script: string): Promise<void> {
  // To Chromium a page that no server sends comes from elsewhere, and may open no WebSocket to this machine.
  await visitor.grantPermissions(['local-network-access'])
  const html = `<!doctype html><div id="root"></div><script type="module" src="/${name}.js"></script>`
  const fulfil = (path: string, contentType: string, body: string) =>
    visitor.route(
      ({ pathname }) => pathname === path,
      (route) => route.fulfill({ contentType, body }),
    )
  await fulfil(`/${name}`, 'text/html', html)
  await fulfil(`/${name}.js`, 'text/javascript', script)
}

/** What a page showed after one change of it: its paragraphs, and how the run is. */
export interface Shown {
  readonly texts: readonly string[]
  readonly status: string
}

/** Every state of the pages that a visitor opens from now on. The result gives those of a page, one list for each time it was loaded. */
export async function recordStates(visitor: BrowserContext): Promise<(page: Page) => Promise<Shown[][]>> {
  await visitor.addInitScript(() => {
    // A new tab is first an empty page.
    if (location.protocol === 'about:') return
    const lives: Shown[][] = JSON.parse(sessionStorage.getItem('lives') ?? '[]')
    const life: Shown[] = []
    lives.push(life)
    new MutationObserver(() => {
      const texts = [...document.querySelectorAll('p')].map(({ textContent }) => textContent ?? '')
      const status = document.querySelector('form')?.lastChild?.textContent ?? ''
      life.push({ texts, status })
    }).observe(document, { subtree: true, childList: true, characterData: true })
    addEventListener('pagehide', () => sessionStorage.setItem('lives', JSON.stringify(lives)))
    Object.assign(globalThis, { lives })
  })
  return (page) => page.evaluate(() => (globalThis as unknown as { lives: Shown[][] }).lives)
}

/** How many subscriptions each WebSocket of a page has asked for; a list that grows. */
export function recordSubscriptions(page: Page): () => readonly number[] {
  const counts: number[] = []
  page.on('websocket', (socket) => {
    const index = counts.push(0) - 1
    socket.on('framesent', ({ payload }) => {
      if (JSON.parse(String(payload)).type === 'subscribe') counts[index] = (counts[index] ?? 0) + 1
    })
  })
  return () => counts
}
