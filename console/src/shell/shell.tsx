import { Suspense, useEffect, useRef } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { ModelsDocument } from '../generated/operations.ts'
import { useSession } from '../service/service-provider.tsx'
import { useRead } from '../service/use-request.ts'
import { Navigation } from './navigation.tsx'
import { NotFound } from './not-found.tsx'
import { PageBoundary } from './page-boundary.tsx'
import { routes } from './routes.tsx'
import { SignIn } from './sign-in.tsx'

/** The frame of all pages: the links, the page, or what stands in its way. */
export function Shell() {
  const { refusal } = useSession()
  const [path] = useLocation()
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  // Cheap, and refused where a credential is missing: so the page knows before anything else is asked.
  useRead(ModelsDocument, {})
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever goes to another page begins at its top, also with a screen reader
  useEffect(() => {
    if (isFirst.current) isFirst.current = false
    else main.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [path])
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <Navigation />
      <main id="main" ref={main} tabIndex={-1}>
        {refusal !== null ? (
          <SignIn reason={refusal} />
        ) : (
          <PageBoundary path={path}>
            <Suspense fallback={<p className="loading">Loading…</p>}>
              <Switch>
                {routes.map(([pattern, Page]) => (
                  <Route key={String(pattern)} path={pattern}>
                    <Page />
                  </Route>
                ))}
                <Route>
                  <NotFound />
                </Route>
              </Switch>
            </Suspense>
          </PageBoundary>
        )}
      </main>
    </div>
  )
}
