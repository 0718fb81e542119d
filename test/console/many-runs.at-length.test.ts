import { beforeAll, expect } from 'vitest'
import { test } from '../support/browser/browser.ts'
import { type ConsoleService, countSockets, openPage, startConsole } from '../support/console.ts'

const count = 5_000
let service: ConsoleService
beforeAll(async () => {
  service = await startConsole('demo/delayMs=0/words=1', { DISPATCHES_PER_MINUTE: '0' })
  for (let index = 0; index < count; index += 50) {
    await Promise.all(Array.from({ length: 50 }, () => service.dispatch({})))
  }
}, 300_000)

test(`${count} runs are paged to the last, with few rows in the page, and each frame is quick`, async ({ visitor }) => {
  const page = await openPage(visitor, `${service.url}/runs`, service.keys[0])
  const sockets = countSockets(page)
  const rows = page.getByRole('table', { name: 'Runs' }).getByRole('row')
  await rows.nth(1).waitFor()
  await page.evaluate(() => {
    const frames: number[] = []
    Object.assign(globalThis, { frames })
    let last = performance.now()
    const look = () => {
      const now = performance.now()
      frames.push(now - last)
      last = now
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  const lead = page.getByText(/runs, newest first/)
  for (const giveUpAt = Date.now() + 120_000; (await lead.textContent()) !== '5,000 runs, newest first.'; ) {
    expect(Date.now()).toBeLessThan(giveUpAt)
    await page.mouse.wheel(0, 3_000)
    await page.waitForTimeout(20)
    expect(await rows.count()).toBeLessThan(80)
  }
  await page.keyboard.press('End')
  await expect.poll(() => rows.last().getAttribute('aria-rowindex')).toBe(String(count + 1))
  const frames = await page.evaluate(() => (globalThis as unknown as { frames: number[] }).frames)
  const sorted = frames.toSorted((a, b) => a - b)
  // Of frames at 60 a second one in twenty may come late.
  expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(100)
  expect(sockets()).toBeLessThanOrEqual(1)

  // A new one comes in front, and what is looked at stays where it is.
  await page.mouse.wheel(0, -60_000)
  await page.waitForTimeout(200)
  const inSight = () =>
    page.evaluate(() => document.elementFromPoint(500, 400)?.closest('tr')?.querySelector('a')?.textContent)
  const looked = await inSight()
  const channelId = await service.dispatch({})
  await expect.poll(() => lead.textContent(), { timeout: 20_000 }).toBe('5,001 runs, newest first.')
  expect(looked).toMatch(/^\w+$/)
  expect(await inSight()).toBe(looked)
  await page.keyboard.press('Home')
  await expect.poll(() => rows.nth(1).innerHTML(), { timeout: 20_000 }).toContain(channelId)
})
