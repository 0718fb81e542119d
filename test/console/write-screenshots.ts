import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { root } from '../house/imports.ts'
import { pagesOf, setScene } from '../support/console-scene.ts'
import { ensureTools } from '../support/ensure-tools.ts'
import { withScope } from '../support/lifetime/opened.ts'
import { startService } from '../support/service/start-service.ts'

/** `npm run screenshots`: writes the pictures of docs/console, at both widths; of some pages in the dark as well. */
const folder = join(root, 'docs/console')
const sizes = [
  ['wide', { width: 1440, height: 900 }],
  ['narrow', { width: 390, height: 844 }],
] as const
const alsoDark = ['run', 'overview']
const shown = ['try', 'runs', 'run', 'answer', 'overview', 'bots', 'dataset', 'webhook']

await withScope(async () => {
  execFileSync(process.execPath, ['console/build.mjs'], { cwd: root, stdio: 'inherit' })
  const { url } = await startService({ model: 'demo/delayMs=5/words=60', env: { FETCH_ALLOW: '127.0.0.1' } })
  const scene = await setScene(url)
  const { chromium: executablePath } = await ensureTools()
  await using browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
  const names = process.argv.includes('all') ? null : shown
  rmSync(folder, { recursive: true, force: true })
  for (const [size, viewport] of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
      for (const [name, path, shows] of pagesOf(scene)) {
        if (names?.includes(name) === false || (colorScheme === 'dark' && !alsoDark.includes(name))) continue
        const page = await context.newPage()
        await page.goto(`${url}${path}`)
        await page.getByText(shows).first().waitFor()
        await page.waitForTimeout(500)
        const picture = [name, size, ...(colorScheme === 'dark' ? ['dark'] : [])].join('-')
        await page.screenshot({ path: join(folder, `${picture}.png`) })
        await page.close()
      }
      await context.close()
    }
  }
})
process.exit(0)
