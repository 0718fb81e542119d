import { execFileSync } from 'node:child_process'
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { root } from '../house/imports.ts'
import { atLength } from '../support/at-length.ts'
import { test } from '../support/browser/browser.ts'
import { recordVisit } from '../support/browser/graphiql-window.ts'
import { pagesOf, type Scene, setScene } from '../support/console-scene.ts'
import { dataOf } from '../support/isolation/callers.ts'
import { startService } from '../support/service/start-service.ts'

// Forms for what is new, lists, dark colours, narrow pages and second tabs take three times as long again.
const isAtLength = atLength(0, 1) === 1

let url: string
let scene: Scene
beforeAll(async () => {
  execFileSync(process.execPath, ['console/build.mjs'], { cwd: root })
  url = (await startService({ model: 'demo/delayMs=5/words=60', env: { FETCH_ALLOW: '127.0.0.1' } })).url
  scene = await setScene(url)
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const main = (page: Page) => page.getByRole('main')
const row = (page: Page, table: string, text: string) =>
  page.getByRole('table', { name: table, exact: true }).getByRole('row').filter({ hasText: text })

/** What axe finds, as lines. @param rules default: all */
async function violationsOn(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: [...rules] } }) }
  const run = (given: object) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, given)
  const { violations } = (await page.evaluate(run, options)) as AxeResults
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

async function visit(page: Page, path: string, shows: RegExp): Promise<void> {
  await page.goto(`${url}${path}`)
  await main(page).getByText(shows).first().waitFor()
  await page.evaluate(axe.source)
}

test('axe finds nothing on any page; no request leaves the machine, and nobody complains', async ({ visitor }) => {
  const { complaints, outside } = recordVisit(visitor)
  const page = await visitor.newPage()
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const more = [
    ['new bot', '/resources/bots/new', /Backstory/],
    ['no such bot', '/resources/bots/bot_1', /There is no such bot/],
    ['no such run', '/runs/channel-of-nobody', /./],
    ['no such page', '/resources/cats', /There is no such page/],
    ['nothing said yet', '/', /./],
    ['webhooks', '/resources/webhooks', /back/],
    ['contacts', '/resources/contacts', /Ada/],
    ['datasets', '/resources/datasets', /Help centre/],
    ['skillsets', '/resources/skillsets', /./],
    ['secrets', '/resources/secrets', /./],
    ['new contact', '/resources/contacts/new', /Name/],
    ['new dataset', '/resources/datasets/new', /Name/],
    ['new skillset', '/resources/skillsets/new', /Name/],
    ['new secret', '/resources/secrets/new', /Name/],
    ['new webhook', '/resources/webhooks/new', /URL/],
  ] as const
  const found: string[] = []
  /** Dark colours change the contrast alone, and a narrow page what wraps and scrolls. */
  const look = async (name: string) => {
    if (!name.startsWith('no such')) {
      found.push(...(await page.getByRole('alert').allInnerTexts()).map((text) => `${name} shows a problem: ${text}`))
    }
    const see = async (how: string, rules?: readonly string[]) => {
      found.push(...(await violationsOn(page, rules)).map((line) => `${name}, ${how}: ${line}`))
    }
    await see('light')
    if (!isAtLength) return
    await page.emulateMedia({ colorScheme: 'dark' })
    await see('dark', ['color-contrast'])
    await page.emulateMedia({ colorScheme: 'light' })
    const wide = page.viewportSize() ?? { width: 1280, height: 720 }
    await page.setViewportSize({ width: 390, height: 844 })
    await see('narrow')
    await page.setViewportSize(wide)
  }
  for (const [name, path, shows] of [...pagesOf(scene), ...(isAtLength ? more : [])]) {
    await visit(page, path, shows)
    await look(name)
    for (const tab of isAtLength ? ['Events', 'Code'] : []) {
      const shown = page.getByRole('tab', { name: tab })
      if ((await shown.count()) === 0) continue
      await shown.click()
      await look(`${name}, ${tab}`)
    }
  }
  const { url: locked } = await startService({ env: { API_KEYS: 'acme:a-key-of-acme-alone' } })
  await page.goto(locked)
  await page.getByLabel('API key').waitFor()
  await page.evaluate(axe.source)
  found.push(...(await violationsOn(page)))
  expect(found).toEqual([])
  expect(outside(new URL(url).host).filter((each) => !each.startsWith(locked))).toEqual([])
  // That of the page without a key, and of a socket that was being opened when the next page was asked for.
  expect(complaints.filter((text) => !/401|closed before the connection is established/.test(text))).toEqual([])
}, 120_000)

test('a dialog takes the focus, gives it back, and axe finds nothing in it', async ({ visitor }) => {
  const page = await visitor.newPage()
  await visit(page, `/resources/datasets/${scene.dataset}`, /Parcels/)
  await button(page, 'Add record').press('Enter')
  const dialog = page.getByRole('dialog', { name: 'New record' })
  await dialog.waitFor()
  expect(await violationsOn(page)).toEqual([])
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Add record')
})

test('a bot is created, refused, changed and deleted by keyboard alone; what is wrong stands at its field', async ({
  visitor,
}) => {
  const page = await visitor.newPage()
  await visit(page, '/resources', /Night shift/)
  await page.getByRole('link', { name: 'New bot' }).press('Enter')
  const name = page.getByRole('textbox', { name: 'Name' })
  await name.fill('n'.repeat(201))
  await page.getByRole('combobox', { name: 'Dataset' }).selectOption('Help centre')
  await page.keyboard.press('Tab')
  await name.press('Enter')
  await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true')
  await expect.poll(() => name.evaluate((field) => document.activeElement === field)).toBe(true)
  const described = (await name.getAttribute('aria-describedby')) ?? ''
  expect(await page.locator(`[id="${described}"]`).textContent()).toMatch(/200/)
  await name.fill('Day shift')
  await name.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Day shift' }).waitFor()
  await page.getByRole('textbox', { name: 'Backstory' }).fill('You are awake.')
  await button(page, 'Save').press('Enter')
  await page.getByRole('status').getByText('Saved').waitFor()
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  const bot = () =>
    dataOf<{ bot: object | null }>(url, {
      query: 'query ($id: ID!) { bot(id: $id) { name backstory dataset { id } } }',
      variables: { id },
    })
  const expected = { name: 'Day shift', backstory: 'You are awake.', dataset: { id: scene.dataset } }
  expect(await bot()).toEqual({ bot: expected })
  await button(page, 'Delete bot Day shift').press('Enter')
  await button(page, 'Keep it').press('Enter')
  expect(await bot()).toEqual({ bot: expected })
  await button(page, 'Delete bot Day shift').press('Enter')
  await button(page, 'Delete it').press('Enter')
  await row(page, 'Bots', 'Night shift').waitFor()
  expect(await bot()).toEqual({ bot: null })
})

test('records are added, changed and found, as a model finds them', async ({ visitor }) => {
  const page = await visitor.newPage()
  await visit(page, `/resources/datasets/${scene.dataset}`, /Parcels/)
  await button(page, 'Add record').click()
  await page.getByRole('textbox', { name: 'Text' }).fill('Gift cards are valid for ten years.')
  await page.getByRole('textbox', { name: 'Meta' }).fill('[1]')
  await button(page, 'Create').click()
  await page.getByText('takes a JSON object').waitFor()
  await page.getByRole('textbox', { name: 'Meta' }).fill('{"page":"gifts"}')
  await button(page, 'Create').click()
  await row(page, 'Records', 'Gift cards').waitFor()
  await page.getByRole('searchbox', { name: 'Words to look for' }).fill('gift card')
  await page.keyboard.press('Enter')
  await page.getByRole('list', { name: 'Passages' }).getByText('valid for ten years').waitFor()
  await page.getByRole('searchbox').fill('zeppelin')
  await page.keyboard.press('Enter')
  await page.getByRole('status').getByText('Nothing is found').waitFor()
  await button(page, 'Edit record Gift cards are valid for ten y…').click()
  await page.getByRole('textbox', { name: 'Text' }).fill('Gift cards never expire.')
  await button(page, 'Save').last().click()
  await row(page, 'Records', 'never expire').waitFor()
  await button(page, 'Delete record Gift cards never expire.').click()
  await button(page, 'Delete it').click()
  await row(page, 'Records', 'never expire').waitFor({ state: 'detached' })
})

test('a secret is written and never shown; a delivery is sent again; a signing secret is shown once', async ({
  visitor,
}) => {
  const page = await visitor.newPage()
  await visit(page, '/resources/secrets', /CRM/)
  await button(page, 'New secret').click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Payments')
  await page.getByLabel('Value').fill('hunter2')
  await button(page, 'Create').click()
  await row(page, 'Secrets', 'Payments').waitFor()
  await button(page, 'Edit secret Payments').click()
  expect(await page.getByLabel('Value').inputValue()).toBe('')
  await button(page, 'Save').click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.content()).not.toContain('hunter2')

  await visit(page, `/resources/webhooks/${scene.webhook}`, /Send again/)
  const delivery = row(page, 'Deliveries', scene.completed)
  await delivery.getByRole('button', { name: `Send again: completed, ${scene.completed}` }).click()
  await expect.poll(() => delivery.getByRole('cell').nth(2).textContent(), { timeout: 10_000 }).toBe('2')
  await button(page, 'New signing secret').click()
  await page
    .getByRole('dialog', { name: 'Signing secret' })
    .getByText(/^whsec_/)
    .waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.content()).not.toContain('whsec_')
})

test('without TLS, and so without a clipboard of the page’s own, abilities are added and code is copied', async ({
  visitor,
}) => {
  const page = await visitor.newPage()
  await page.addInitScript(() => {
    Object.defineProperty(Crypto.prototype, 'randomUUID', { value: undefined })
    Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })
  })
  await visit(page, '/resources/skillsets/new', /Name/)
  await button(page, 'Add ability').click()
  const name = page.getByRole('textbox', { name: 'Name of the ability' })
  await name.waitFor()
  await visit(page, `/resources/webhooks/${scene.webhook}`, /New signing secret/)
  await button(page, 'New signing secret').click()
  const dialog = page.getByRole('dialog', { name: 'Signing secret' })
  const secret = await dialog.getByText(/^whsec_/).textContent()
  await dialog.getByRole('button', { name: 'Copy Secret' }).click()
  await dialog.getByText('Copied').waitFor()
  await page.keyboard.press('Escape')
  const description = page.getByRole('textbox', { name: 'Description' })
  await description.fill('')
  await description.press('Control+V')
  expect(await description.inputValue()).toBe(secret)
})

test('the overview counts what goes on, and leads to it', async ({ visitor }) => {
  const page = await visitor.newPage()
  await visit(page, '/overview', /TIMEOUT/)
  const counts = await page
    .getByRole('list', { name: 'Dispatches that have not ended' })
    .getByRole('listitem')
    .allInnerTexts()
  expect(
    counts.map((text) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, 2),
    ),
  ).toEqual([
    ['Running', '1'],
    ['Queued', '1'],
    ['Waiting', '1'],
    ['Paused', '1'],
  ])
  await page.getByRole('link', { name: 'Runs that have failed' }).click()
  await expect.poll(() => row(page, 'Runs', 'Failed').count()).toBe(1)
  expect(await row(page, 'Runs', 'Completed').count()).toBe(0)
})
