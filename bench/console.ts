import { execFileSync } from 'node:child_process'
import { Redis } from 'ioredis'
import { type Browser, chromium } from 'playwright-core'
import { bounds } from '../src/config/bounds.ts'
import { noUsage } from '../src/conversation/usage.ts'
import { createRedisRunStore } from '../src/engines/redis/run/run-store.ts'
import { type ChannelId, localAccount } from '../src/kernel/ids.ts'
import { ensureTools } from '../test/support/ensure-tools.ts'
import { withScope } from '../test/support/lifetime/opened.ts'
import { startRun } from '../test/support/run/runs.ts'
import { report } from './report/figure.ts'
import { roundCount } from './report/rounds.ts'
import { startOurs } from './systems/start-ours.ts'
import { longRun, writeLongRun } from './systems/write-long-run.ts'

// The console in headless Chromium, each time in a browser context that knows nothing: from the address being opened until the first
// view takes a message, and until a run of 20,000 events is there. Its pieces of one message come joined, so all of them are waited for. 20,000
// facts, which nothing joins, come one by one: the page shows the first ones while it reads the others.

const turns = 2_857
const manyTurns = 'a-run-of-many-turns-1'

/** Seven events a turn: an iteration that says something and calls a function, and the answer. */
async function writeTurns(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl)
  const runs = createRedisRunStore(
    redis,
    { logSeconds: 3600, recordSeconds: 3600 },
    { log: bounds.log, accountBytes: 0 },
  )
  const run = await startRun(runs, { account: localAccount, channel: manyTurns as ChannelId })
  for (let turn = 1; turn <= turns; turn += 1) {
    const call = { id: `call-${turn}`, name: 'look_up', arguments: { turn }, answer: 'static' as const, deadline: null }
    const named = { name: call.name, arguments: call.arguments }
    const activity = (type: 'request' | 'response') => ({
      type: 'message-completed' as const,
      message: {
        id: `${type}-${turn}`,
        type: 'activity' as const,
        text: '',
        meta: { activity: { type, id: call.id, function: type === 'request' ? named : { ...named, result: turn } } },
      },
    })
    await run.append(
      { type: 'iteration-started', iteration: turn },
      { type: 'message-completed', message: { id: `said-${turn}`, type: 'bot', text: `Turn ${turn}.` } },
      { type: 'iteration-finished', iteration: turn, finish: 'stop', usage: { ...noUsage, iterations: 1 } },
      { type: 'function-call-requested', call, providerCallId: call.id, problem: null },
      activity('request'),
      { type: 'function-call-completed', call, data: turn },
      activity('response'),
    )
  }
  const result = { text: `Turn ${turns}.`, finishReason: 'stop' as const }
  await run.append({ type: 'dispatch-completed', result, usage: { ...noUsage, iterations: turns } })
  redis.disconnect()
}

/** What has to be in the page, or, behind a `!`, must not be; no words: a place to type a message, which React looks after. */
function isThere(words: readonly string[]): number | false {
  if (words.length === 0) {
    const message = document.querySelector('textarea[aria-label="Message"]')
    const isAlive = message !== null && Object.keys(message).some((key) => key.startsWith('__reactProps'))
    return isAlive && performance.now()
  }
  const text = document.querySelector('main')?.textContent ?? ''
  return words.every((part) => text.includes(part.replace('!', '')) !== part.startsWith('!')) && performance.now()
}

/** Milliseconds from the beginning of the navigation, by the page's own clock. */
async function timeUntil(browser: Browser, url: string, words: readonly string[]): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(url, { waitUntil: 'commit' })
  const ms = await page.waitForFunction(isThere, words, { polling: 'raf' })
  const value = await ms.jsonValue()
  await context.close()
  return Number(value)
}

await withScope(async () => {
  execFileSync(process.execPath, ['console/build.mjs'])
  const service = await startOurs({ parts: 'api' })
  await writeLongRun(service, 20_000)
  await writeTurns(service.redisUrl ?? '')
  const { chromium: executablePath } = await ensureTools()
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
  const cases = [
    ['console: first view takes a message', '/', [], 1_000],
    ['console: a run of 20,000 pieces is there', `/runs/${longRun}`, ['word999 ', 'Completed', 'Attempt 1'], 2_000],
    [
      'console: a run of 20,000 facts shows its first',
      `/runs/${manyTurns}`,
      ['Turn ', 'Completed', 'Attempt 1'],
      2_000,
    ],
    [
      'console: those 20,000 facts have been read',
      `/runs/${manyTurns}`,
      [`Turn ${turns}.`, 'Attempt 1, ', '!goes on'],
      undefined,
    ],
  ] as const
  const values = cases.map((): number[] => [])
  for (let round = 0; round <= roundCount(5); round += 1) {
    for (const [index, [, path, words]] of cases.entries()) {
      const ms = await timeUntil(browser, `${service.url}${path}`, words)
      // The first is a warm-up.
      if (round > 0) values[index]?.push(ms)
    }
  }
  for (const [index, [name, , , target]] of cases.entries()) {
    const shown = { name, unit: 'ms', better: 'less' as const, ...(target === undefined ? {} : { target }) }
    report({ ...shown, values: { ours: values[index] ?? [], naive: [], floor: [] } })
  }
  await browser.close()
})
