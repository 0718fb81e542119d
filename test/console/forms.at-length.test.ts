import { execFileSync } from 'node:child_process'
import type { Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { root } from '../house/imports.ts'
import { test } from '../support/browser/browser.ts'
import { dataOf } from '../support/isolation/callers.ts'
import { startService } from '../support/service/start-service.ts'

let url: string
beforeAll(async () => {
  execFileSync(process.execPath, ['console/build.mjs'], { cwd: root })
  url = (await startService({ env: { FETCH_ALLOW: '127.0.0.1' } })).url
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const row = (page: Page, table: string, text: string) =>
  page.getByRole('table', { name: table, exact: true }).getByRole('row').filter({ hasText: text })
const idOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? ''
const read = (query: string, id: string) => dataOf<Record<string, unknown>>(url, { query, variables: { id } })
const isSaved = (page: Page) => page.getByRole('status').getByText('Saved').waitFor()
const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

async function deleteIt(page: Page, what: string) {
  await button(page, `Delete ${what}`).click()
  await button(page, 'Delete it').click()
}

test('a webhook is created, its secret is shown once and copied, and it is changed, switched off and deleted', async ({
  visitor,
}) => {
  const page = await visitor.newPage()
  await page.goto(`${url}/resources/webhooks`)
  await page.getByRole('link', { name: 'New webhook' }).click()
  await field(page, 'URL').fill('ftp://127.0.0.1/hooks')
  await button(page, 'Create').click()
  await expect.poll(() => field(page, 'URL').getAttribute('aria-invalid')).toBe('true')
  await field(page, 'URL').fill('http://127.0.0.1:9/hooks')
  await page.getByRole('checkbox', { name: 'waiting' }).uncheck()
  await button(page, 'Create').click()
  const dialog = page.getByRole('dialog', { name: 'Signing secret' })
  const secret = await dialog.getByText(/^whsec_/).textContent()
  await page.keyboard.press('Escape')
  await title(page, 'http://127.0.0.1:9/hooks')
  expect(await page.content()).not.toContain(secret)
  const id = idOf(page)
  const webhook = 'query ($id: ID!) { webhook(id: $id) { url description events isEnabled } }'
  const made = { url: 'http://127.0.0.1:9/hooks', description: null, isEnabled: true }
  const events = ['DISPATCH_COMPLETED', 'DISPATCH_FAILED', 'DISPATCH_CANCELLED']
  expect(await read(webhook, id)).toMatchObject({ webhook: { ...made, events: expect.arrayContaining(events) } })
  await field(page, 'Description').fill('Nobody listens')
  await page.getByRole('checkbox', { name: 'Enabled' }).uncheck()
  await button(page, 'Save').click()
  await isSaved(page)
  expect(await read(webhook, id)).toMatchObject({
    webhook: { ...made, description: 'Nobody listens', isEnabled: false },
  })
  // The page has read that its webhook is gone before its other reads have come.
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('eliveries') === true) await page.getByText(/There (is|are) no/).waitFor()
    await route.continue()
  })
  await deleteIt(page, 'webhook http://127.0.0.1:9/hooks')
  await page.getByText('There are no webhooks yet').waitFor()
  expect(await read(webhook, id)).toEqual({ webhook: null })
})

test('a skillset is created with an ability that has been put right, changed and deleted', async ({ visitor }) => {
  const page = await visitor.newPage()
  await page.goto(`${url}/resources/skillsets/new`)
  await field(page, 'Name').fill('Weather')
  await button(page, 'Add ability').click()
  await field(page, 'Name of the ability').fill('look_up')
  await field(page, 'When to use it').fill('When the weather is asked for')
  const instruction = '```fetch\nurl: http://127.0.0.1:9/$[city]\n```'
  await field(page, 'Instruction').fill(instruction)
  await field(page, 'Name of the ability').fill('n'.repeat(1000))
  await button(page, 'Create').click()
  await expect.poll(() => field(page, 'Name of the ability').getAttribute('aria-invalid')).toBe('true')
  await field(page, 'Name of the ability').fill('look_up')
  await button(page, 'Create').click()
  await title(page, 'Weather')
  const id = idOf(page)
  const skillset = 'query ($id: ID!) { skillset(id: $id) { name abilities { name description instruction } } }'
  const ability = { name: 'look_up', description: 'When the weather is asked for', instruction }
  expect(await read(skillset, id)).toEqual({ skillset: { name: 'Weather', abilities: [ability] } })
  await button(page, 'Add ability').click()
  await button(page, 'Remove ability 1').click()
  await field(page, 'Name of the ability').fill('guess')
  await field(page, 'When to use it').fill('Never')
  await field(page, 'Instruction').fill(instruction)
  await button(page, 'Save').click()
  await isSaved(page)
  expect(await read(skillset, id)).toEqual({
    skillset: { name: 'Weather', abilities: [{ ...ability, name: 'guess', description: 'Never' }] },
  })
  await deleteIt(page, 'skillset Weather')
  await page.getByText('There are no skillsets yet').waitFor()
  expect(await read(skillset, id)).toEqual({ skillset: null })
})

test('a contact is created, refused a fingerprint that is taken, changed and deleted', async ({ visitor }) => {
  const page = await visitor.newPage()
  await page.goto(`${url}/resources/contacts/new`)
  await field(page, 'Name').fill('Ada')
  await field(page, 'Fingerprint').fill('ada-1815')
  await field(page, 'Meta').fill('{"plan":"gold"}')
  await button(page, 'Create').click()
  await title(page, 'Ada')
  const id = idOf(page)
  await page.goto(`${url}/resources/contacts/new`)
  await field(page, 'Name').fill('Another')
  await field(page, 'Fingerprint').fill('ada-1815')
  await button(page, 'Create').click()
  await page
    .getByRole('form', { name: 'Contact' })
    .getByText(/fingerprint/i)
    .last()
    .waitFor()
  await page.goto(`${url}/resources/contacts`)
  await row(page, 'Contacts', 'Ada').getByRole('link').click()
  await title(page, 'Ada')
  await field(page, 'Email').fill('ada@example.com')
  await field(page, 'Meta').fill('')
  await button(page, 'Save').click()
  await isSaved(page)
  const contact = 'query ($id: ID!) { contact(id: $id) { name email fingerprint meta } }'
  const saved = { name: 'Ada', email: 'ada@example.com', fingerprint: 'ada-1815', meta: null }
  expect(await read(contact, id)).toEqual({ contact: saved })
  await deleteIt(page, 'contact Ada')
  await page.getByText('There are no contacts yet').waitFor()
  expect(await read(contact, id)).toEqual({ contact: null })
})
