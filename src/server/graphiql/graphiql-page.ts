import type { GraphiqlTab } from './graphiql-tab.ts'

/** The paths of the assets on the page's own host. */
export interface GraphiqlParts {
  readonly stylesheet: string
  readonly favicon: string
  readonly bundle: string
  readonly boot: string
  /** Keyed by Monaco's labels. */
  readonly workers: Readonly<Record<string, string>>
}

/**
 * Allows this host only, so that the browser itself keeps the page offline. Monaco and GraphiQL add style elements and
 * attributes, and their stylesheets embed fonts and icons as data: URLs; nothing needs eval, blob: or an inline script.
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
 * GraphiQL shifts its tabs by a transform, and its stylesheet hides the shift until a tab has the focus. Then the tab
 * jumps away from the pointer, and the first click on it is lost. The stock page of render-graphiql 5.24 has the same
 * fault.
 */
const tabsStandStill = '.graphiql-tab { transform: none !important }'

/** The page's HTML: a few kilobytes that reference everything heavy. A new browser tab opens with `tabs`. */
export function graphiqlPage(parts: GraphiqlParts, tabs: readonly GraphiqlTab[]): string {
  const options = {
    title: 'Backchannel',
    // The default is Yoga's logo.
    logo: '',
    endpoint: '/graphql',
    // SSE sends subscriptions to the endpoint itself with the headers of the headers editor. It uses POST, because URLs
    // are limited in length and appear in logs.
    subscriptionsProtocol: 'SSE',
    method: 'POST',
    shouldPersistHeaders: true,
    defaultTabs: tabs,
  }
  // Only `<` could end the data block.
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

/**
 * The script that starts GraphiQL after its bundle has loaded. It is the text of a function, so that the compiler
 * checks it.
 */
export const graphiqlBootScript = `(${boot})()`

interface GraphiqlWindow {
  MonacoEnvironment: { globalAPI: boolean; getWorkerUrl(moduleId: string, label: string): string | undefined }
  YogaGraphiQL: { renderYogaGraphiQL(root: Element | null, options: object): void }
}

/** Runs in the browser, so it must not use anything from this module. */
function boot(): void {
  const page = JSON.parse(document.getElementById('page')?.textContent ?? '')
  const graphiql = globalThis as unknown as GraphiqlWindow
  graphiql.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_moduleId, label) => page.workers[label] }

  // sessionStorage ties the tabs to the browser tab: a reload keeps them, including edits and the watched channel,
  // while a new page gets new tabs with a new channel. With localStorage, where GraphiQL would store them, a returning
  // user would dispatch to last week's channel and see last week's run. An API key in the headers also goes away with
  // its browser tab. Everything else (theme, layout) stays in localStorage.
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

  // GraphiQL opens an additional tab if its editors start with a text other than that of the active tab, so pass the
  // text of the active tab.
  const stored = JSON.parse(sessionStorage.getItem('graphiql:tabState') ?? 'null')
  const active = stored?.tabs[stored.activeTabIndex] ?? page.options.defaultTabs[0]
  graphiql.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
    ...page.options,
    storage,
    initialQuery: active.query ?? '',
    initialVariables: active.variables ?? '',
    initialHeaders: active.headers ?? '',
    // Otherwise each edit goes into the URL, which would override the first tab on the next visit.
    onEditQuery: () => {},
  })
}
