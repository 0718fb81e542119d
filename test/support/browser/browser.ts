import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { test as base, inject } from 'vitest'

/** For tests that use the service as a person does: `browser` is the file's, `visitor` is new to the service in each test. */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures this one needs
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchBrowser()
    onCleanup(() => browser.close())
    return browser
  })
  .extend('visitor', async ({ browser }, { onCleanup }) => {
    const visitor = await newVisitor(browser)
    onCleanup(() => visitor.close())
    return visitor
  })

/** A headless Chromium that asks no host of its own accord. */
function launchBrowser(): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet]
  return chromium.launch({ executablePath: inject('chromium'), args })
}

/** A visitor who has never been here, at a desk. */
function newVisitor(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1400, height: 850 } })
}
