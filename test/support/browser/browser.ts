import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { inject } from 'vitest'

/** A headless Chromium that asks no host of its own accord. */
export function launchBrowser(): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  return chromium.launch({
    executablePath: inject('chromium'),
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
  })
}

/** A visitor who has never been here, at a desk. */
export function newVisitor(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1400, height: 850 } })
}
