import { QueryClientProvider, useQueryClient } from '@tanstack/react-query'
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
import { ModelsDocument } from '../generated/operations.ts'
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

/**
 * For errors that come by another way than a read or a change. Where a credential is refused, a read asks why: a WebSocket that is closed
 * does not say.
 */
export function useReport(): (error: unknown) => void {
  const queries = useQueryClient()
  return useCallback(
    (error) => {
      if (isUnauthenticated(error)) void queries.refetchQueries({ queryKey: [String(ModelsDocument)] })
    },
    [queries],
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
