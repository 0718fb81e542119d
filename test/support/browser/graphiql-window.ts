import type { BrowserContext, Page, Request } from 'playwright-core'
import { expect } from 'vitest'

const chatTabs = ['Chat', 'WatchChat', 'Regenerate', 'Interrupt']
/** The prefilled tabs, by the names of their operations. */
export const allTabs = [
  'Dispatch',
  'Watch',
  'Snapshot',
  'Resume',
  'DispatchCall',
  'WatchCall',
  'AnswerCall',
  ...chatTabs,
]

interface ShownDispatch {
  readonly status: string
  readonly messages: readonly { readonly type: string; readonly text: string; readonly isComplete: boolean }[]
  readonly result: { readonly text: string; readonly finishReason: string } | null
}

/** What GraphiQL's response editor shows of the prefilled tabs' answers. */
interface ShownData {
  readonly dispatchConversation?: { readonly channelId: string }
  readonly createChannelToken?: { readonly channelToken: { readonly token: string } }
  readonly dispatchUpdates?: ShownDispatch
  readonly dispatch?: ShownDispatch
  readonly conversationUpdates?: {
    readonly current: object | null
    readonly messages: readonly { readonly id: string; readonly type: string; readonly text: string }[]
  }
  readonly channelEvents?: {
    readonly __typename: string
    readonly result?: ShownDispatch['result']
    readonly call?: { readonly id: string; readonly name: string; readonly arguments: unknown }
  }
  readonly submitFunctionResult?: {
    readonly dispatch: { readonly status: string; readonly pendingCalls: readonly object[] }
  }
}

/** The last thing that the model said, as far as it is shown. */
export function answerIn(dispatch: ShownDispatch | undefined) {
  return dispatch?.messages.findLast(({ type }) => type === 'BOT')
}

/** Records where everything in a browser context goes, and what its pages complain about. */
export function recordVisit(context: BrowserContext) {
  const urls: string[] = []
  const complaints: string[] = []
  context.on('request', (request) => urls.push(request.url()))
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(error.error().message))
  return { complaints, outside: (host: string) => urls.filter((url) => new URL(url).host !== host) }
}

export async function tabNames(page: Page): Promise<string[]> {
  await page.getByRole('tab').first().waitFor()
  return page.getByRole('tab').allInnerTexts()
}

type Editor = 'operation.graphql' | 'variables.json' | 'request-headers.json' | 'response.json'

/** The text of one of GraphiQL's editors as it is now; empty while there is none. */
export function textOf(page: Page, editor: Editor): Promise<string> {
  return page.evaluate((suffix) => {
    const { __MONACO: monaco } = globalThis as unknown as {
      __MONACO?: { editor: { getModels(): { uri: { path: string }; getValue(): string }[] } }
    }
    const models = monaco?.editor.getModels() ?? []
    return models.find(({ uri }) => uri.path.endsWith(suffix))?.getValue() ?? ''
  }, `-${editor}`)
}

/** Goes to a tab unless it is there (GraphiQL would drop what was typed last), and waits until the editors have followed. */
export async function selectTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab').first().waitFor()
  const selected = page.locator('[role=tab][aria-selected=true] .graphiql-tab-button')
  if ((await selected.textContent()) !== name) await page.getByRole('button', { name, exact: true }).click()
  await expect.poll(() => selected.textContent(), { timeout: 10_000 }).toBe(name)
  await expect.poll(() => textOf(page, 'operation.graphql'), { timeout: 10_000 }).toContain(` ${name}(`)
}

/** Puts a text in the place of a word of the variables, as people do: a double click on it, and paste. */
export async function pasteOver(page: Page, word: string, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await page.locator('.graphiql-editor-tool .view-line', { hasText: word }).getByText(word).dblclick()
  await page.keyboard.press('Control+V')
  await expect.poll(() => textOf(page, 'variables.json')).toContain(text)
}

/** Puts a text in the place of all that an editor has, as people do: a click into it, everything selected, and paste. */
export async function typeOver(page: Page, editor: Exclude<Editor, 'response.json'>, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  const tool = { 'operation.graphql': null, 'variables.json': 'Variables', 'request-headers.json': 'Headers' }[editor]
  if (tool !== null) await page.getByRole('button', { name: tool, exact: true }).click()
  const place = tool === null ? '.graphiql-query-editor' : '.graphiql-editor-tool'
  await page.locator(`${place} .monaco-editor:visible`).first().click()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Control+V')
  await expect.poll(() => textOf(page, editor), { timeout: 10_000 }).toBe(text)
}

/** Presses play on a tab. Again where GraphiQL, quicker pressed than a person can, still had the last tab's operation. */
export async function play(page: Page, name: string): Promise<Request> {
  await selectTab(page, name)
  for (let attempt = 1; ; attempt += 1) {
    const isSent = (request: Request) => request.postData()?.includes(`"operationName":"${name}"`) === true
    const sent = page.waitForRequest(isSent, { timeout: attempt < 5 ? 1500 : 10_000 }).catch((error: unknown) => {
      if (attempt < 5) return null
      throw error
    })
    // Together, because a slow click may outlast the wait.
    const [request] = await Promise.all([sent, page.locator('.graphiql-execute-button').click()])
    if (request !== null) return request
  }
}

/** Looks at the response until `pick` finds in it what it is waiting for. */
export async function untilShown<Part>(page: Page, pick: (data: ShownData) => Part | null | undefined | false) {
  const giveUpAt = Date.now() + 20_000
  for (;;) {
    const text = await textOf(page, 'response.json')
    const response: { data?: ShownData } = text === '' ? {} : JSON.parse(text)
    const part = pick(response.data ?? {})
    if (part !== null && part !== undefined && part !== false) return part
    if (Date.now() > giveUpAt) throw new Error(`GraphiQL still shows ${text}`)
    await page.waitForTimeout(40)
  }
}
