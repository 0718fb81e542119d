import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

type Page = LazyExoticComponent<ComponentType>

/** `/` begins a conversation; once something has been said, it has an address. */
const tryPath = /^\/(?:try\/(?<conversationId>[\w-]+))?$/

/** All pages: a path as wouter has it, and its module, which is loaded when somebody goes there. The first that matches counts. */
export const routes: readonly (readonly [path: string | RegExp, page: Page])[] = [
  [tryPath, lazy(() => import('../try/try-page.tsx'))],
  ['/runs', lazy(() => import('../runs/runs-page.tsx'))],
  ['/runs/:channelId', lazy(() => import('../run/run-page.tsx'))],
  ['/overview', lazy(() => import('../overview/overview-page.tsx'))],
  ['/resources/*?', lazy(() => import('../resources/resources-page.tsx'))],
]

/** The links of the navigation. The page of the first path that begins like the address is the current one. */
export const destinations = [
  { name: 'Try', path: '/', isHere: (at: string) => at === '/' || at.startsWith('/try/') },
  { name: 'Runs', path: '/runs', isHere: (at: string) => at.startsWith('/runs') },
  { name: 'Overview', path: '/overview', isHere: (at: string) => at.startsWith('/overview') },
  { name: 'Resources', path: '/resources', isHere: (at: string) => at.startsWith('/resources') },
] as const
