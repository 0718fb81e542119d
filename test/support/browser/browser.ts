import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { inject } from 'vitest'
import { opened } from '../lifetime/opened.ts'

/** A headless Chromium that asks no host of its own accord. */
export async function launchBrowser(): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet]
  return opened(await chromium.launch({ executablePath: inject('chromium'), args }))
}

/** A visitor who has never been here, at a desk. */
export async function newVisitor(browser: Browser): Promise<BrowserContext> {
  return opened(await browser.newContext({ viewport: { width: 1400, height: 850 } }))
}
