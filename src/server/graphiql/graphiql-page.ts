import type { GraphiqlTab } from './graphiql-tab.ts'

/** Where the page's parts are, as paths on its own host. */
export interface GraphiqlParts {
  readonly stylesheet: string
  readonly favicon: string
  readonly bundle: string
  readonly boot: string
  /** By the label with which Monaco asks for them. */
  readonly workers: Readonly<Record<string, string>>
}

/**
 * Only this host, so that the browser itself holds the page to being offline. Monaco and GraphiQL write style elements
 * and attributes, and carry their fonts and icons as data: in the stylesheet; nothing needs eval, blob: or an inline script.
 */
export const graphiqlContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

/**
 * GraphiQL leaves its tabs shifted by a transform that its stylesheet hides until a tab has the focus: then the tab jumps
 * from under the pointer, and the first click on it is lost. So does the stock page of render-graphiql 5.24.
 */
const tabsStandStill = '.graphiql-tab { transform: none !important }'

/** The page's HTML: a few kilobytes, with everything heavy by reference. `tabs` are what a new browser tab opens with. */
export function graphiqlPage(parts: GraphiqlParts, tabs: readonly GraphiqlTab[]): string {
  const options = {
    title: 'Backchannel',
    // Yoga's own mark is the default.
    logo: '',
    endpoint: '/graphql',
    // To the endpoint itself, with the headers editor's headers. By POST: a URL has a length, and is written to logs.
    subscriptionsProtocol: 'SSE',
    method: 'POST',
    shouldPersistHeaders: true,
    defaultTabs: tabs,
  }
  // `<` is the one character that could end the data block.
  const data = JSON.stringify({ workers: parts.workers, options }).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Backchannel</title>
    <link rel="icon" href="${parts.favicon}" />
    <link rel="stylesheet" href="${parts.stylesheet}" />
    <style>${tabsStandStill}</style>
    <script defer src="${parts.bundle}"></script>
    <script defer src="${parts.boot}"></script>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script type="application/json" id="page">${data}</script>
  </body>
</html>
`
}

/** The script that starts GraphiQL once its bundle is there. The text of a function, so that the compiler reads it too. */
export const graphiqlBootScript = `(${boot})()`

interface GraphiqlWindow {
  MonacoEnvironment: { globalAPI: boolean; getWorkerUrl(moduleId: string, label: string): string | undefined }
  YogaGraphiQL: { renderYogaGraphiQL(root: Element | null, options: object): void }
}

/** Runs in the browser: uses nothing of this module. */
function boot(): void {
  const page = JSON.parse(document.getElementById('page')?.textContent ?? '')
  const graphiql = globalThis as unknown as GraphiqlWindow
  graphiql.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_moduleId, label) => page.workers[label] }

  // The tabs belong to the browser tab: a reload keeps them, edited as they are, and so the channel that is being watched,
  // while opening the page anew gives new tabs with a new channel. In localStorage, where GraphiQL would put them, a
  // returning user would dispatch to last week's channel and be shown last week's run. An API key in the headers goes
  // with its browser tab, too. Everything else (theme, layout) stays for good.
  const placeOf = (key: string) =>
    /^graphiql:(tabState|query|variables|headers)$/.test(key) ? sessionStorage : localStorage
  const storage = {
    getItem: (key: string) => placeOf(key).getItem(key),
    setItem: (key: string, value: string) => placeOf(key).setItem(key, value),
    removeItem: (key: string) => placeOf(key).removeItem(key),
    clear: () => {
      for (const place of [sessionStorage, localStorage]) {
        for (const key of Object.keys(place)) if (key.startsWith('graphiql:')) place.removeItem(key)
      }
    },
    get length() {
      return sessionStorage.length + localStorage.length
    },
  }

  // GraphiQL opens one more tab when its editors start with other text than the active tab's: say what that holds.
  const stored = JSON.parse(sessionStorage.getItem('graphiql:tabState') ?? 'null')
  const active = stored?.tabs[stored.activeTabIndex] ?? page.options.defaultTabs[0]
  graphiql.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
    ...page.options,
    storage,
    initialQuery: active.query ?? '',
    initialVariables: active.variables ?? '',
    initialHeaders: active.headers ?? '',
    // Else each edit goes into the URL, which on the next visit would win over the first tab.
    onEditQuery: () => {},
  })
}
