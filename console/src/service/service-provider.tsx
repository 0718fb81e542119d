import { QueryClientProvider } from '@tanstack/react-query'
import { BackchannelProvider } from 'backchannel-client/react'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import { isUnauthenticated, openService, type Service } from './service.ts'
import type { SessionStore } from './session.ts'

const context = createContext<SessionStore | null>(null)

export function useSessionStore(): SessionStore {
  const store = useContext(context)
  if (store === null) throw new Error('No ServiceProvider.')
  return store
}

export function useSession() {
  const { subscribe, getSnapshot } = useSessionStore()
  return useSyncExternalStore(subscribe, getSnapshot)
}

/** Tells the session of an error that came by another way than a read or a change: a credential that is refused is asked for anew. */
export function useReport(): (error: unknown) => void {
  const session = useSessionStore()
  const { credential } = useSession()
  return useCallback(
    (error) => {
      if (isUnauthenticated(error)) session.refuse(credential, error.message)
    },
    [session, credential],
  )
}

/** Gives the pages below it their client; with another credential, another one. */
export function ServiceProvider({
  session,
  children,
}: {
  readonly session: SessionStore
  readonly children: ReactNode
}) {
  const { credential } = useSyncExternalStore(session.subscribe, session.getSnapshot)
  const [service, setService] = useState<{ readonly of: string | null; readonly open: Service } | null>(null)
  useEffect(() => {
    const open = openService(session, credential)
    setService({ of: credential, open })
    return () => open.close()
  }, [session, credential])
  // The pages of another account are not shown with the client of this one.
  if (service === null || service.of !== credential) return null
  return (
    <context.Provider value={session}>
      <BackchannelProvider client={service.open.client}>
        <QueryClientProvider client={service.open.queries}>{children}</QueryClientProvider>
      </BackchannelProvider>
    </context.Provider>
  )
}
