import { fileURLToPath } from 'node:url'
import type { BrowserContext } from 'playwright-core'
import { build, type Rolldown } from 'vite'

/** A page of examples/ as its user builds it, with its own vite.config.mjs. Its packages are those of this repository. */
export async function buildExample(name: string): Promise<Rolldown.RolldownOutput['output']> {
  const built = await build({
    root: fileURLToPath(new URL(`../../../examples/${name}/`, import.meta.url)),
    logLevel: 'error',
    // Vitest's environment would have it call what React has in development only.
    oxc: { jsx: { development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false },
  })
  return (built as Rolldown.RolldownOutput).output
}

/** Serves what was built: its page at `/chat` of any host. */
export async function serveBuilt(visitor: BrowserContext, built: Rolldown.RolldownOutput['output']): Promise<void> {
  // To Chromium a page that no server sends comes from elsewhere, and may open no WebSocket to this machine.
  await visitor.grantPermissions(['local-network-access'])
  for (const file of built) {
    const body = file.type === 'asset' ? Buffer.from(file.source) : file.code
    const isPage = file.fileName === 'index.html'
    const contentType = isPage ? 'text/html' : file.fileName.endsWith('.css') ? 'text/css' : 'text/javascript'
    const path = isPage ? '/chat' : `/${file.fileName}`
    await visitor.route(
      ({ pathname }) => pathname === path,
      (route) => route.fulfill({ contentType, body }),
    )
  }
}
