import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { bundlePage, servePage } from '../test/support/client/chat-page.ts'
import { packClient } from '../test/support/client/packed-client.ts'
import { ensureTools } from '../test/support/ensure-tools.ts'
import { withScope } from '../test/support/lifetime/opened.ts'
import { startService } from '../test/support/service/start-service.ts'
import { report } from './report/figure.ts'
import { roundCount } from './report/rounds.ts'

// An answer of 1,000 tokens in a page: the processor time of its process, and how often React renders. `useChannel` beside
// what one writes by hand: graphql-ws, a reducer, and a `useState` that every event sets. The page watches first; then the
// run is dispatched.

interface Round {
  readonly cpuMs: number
  readonly renders: number
  readonly frames: number
}
const names = ['ours', 'naive'] as const

await withScope(async () => {
  const client = packClient()
  const read = (name: string) => readFileSync(new URL(`pages/${name}.jsx`, import.meta.url), 'utf8')
  writeFileSync(join(client.dir, 'answer.jsx'), read('answer'))
  const service = await startService({ model: 'demo/delayMs=2/words=1000' })
  const { chromium: executablePath } = await ensureTools()
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
  const visitor = await browser.newContext()
  for (const name of names) await servePage(visitor, name, await bundlePage(client, read(name), 'production'))
  const session = await browser.newBrowserCDPSession()

  /** The processor time of each process that has pages, in ms. */
  const cpuTimes = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const pages = processInfo.filter(({ type }) => type === 'renderer')
    return new Map(pages.map(({ id, cpuTime }) => [id, cpuTime * 1000]))
  }
  const watch = async (name: (typeof names)[number]): Promise<Round> => {
    const channelId = `bench-${crypto.randomUUID()}`
    const page = await visitor.newPage()
    await page.goto(`${service.url}/${name}#${channelId}`)
    const before = await cpuTimes()
    const input = `{ channelId: "${channelId}", messages: [{ type: USER, text: "Hi" }] }`
    const query = `mutation { dispatchConversation(input: ${input}) { channelId } }`
    const headers = { 'content-type': 'application/json' }
    await fetch(`${service.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
    await page.locator('#COMPLETED').waitFor({ state: 'attached' })
    const after = await cpuTimes()
    const cpuMs = [...after].reduce((sum, [id, ms]) => sum + ms - (before.get(id) ?? 0), 0)
    const counts = await page.evaluate(() => {
      const { renders, frames } = globalThis as unknown as { renders: number; frames: number }
      return { renders, frames }
    })
    await page.close()
    return { cpuMs, ...counts }
  }

  const rounds: Record<(typeof names)[number], Round[]> = { ours: [], naive: [] }
  for (let index = 0; index <= roundCount(5); index += 1) {
    for (const name of names) {
      const round = await watch(name)
      // The first is a warm-up.
      if (index > 0) rounds[name].push(round)
    }
  }
  const figures = [
    ['processor time', 'ms', 'cpuMs'],
    ['renders', 'renders', 'renders'],
    ['frames meanwhile', 'frames', 'frames'],
  ] as const
  for (const [what, unit, key] of figures) {
    const [ours, naive] = names.map((name) => rounds[name].map((each) => each[key]))
    report({
      name: `1,000 tokens in a page: ${what}`,
      unit,
      better: 'less',
      values: { ours: ours ?? [], naive: naive ?? [], floor: [] },
    })
  }
  await browser.close()
})
