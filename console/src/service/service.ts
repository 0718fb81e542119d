import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { type Backchannel, BackchannelError, createBackchannel } from 'backchannel-client'
import type { SessionStore } from './session.ts'

/** What a page needs of the server, with one credential: the client of events, and the cache of what was read. */
export interface Service {
  readonly client: Backchannel
  readonly queries: QueryClient
  close(): void
}

/** One client, and so one WebSocket, for all that a page shows. */
export function openService(session: SessionStore, credential: string | null): Service {
  const client = createBackchannel({ url: '/graphql', ...(credential === null ? {} : { credentials: credential }) })
  const onError = (error: unknown) => {
    if (isUnauthenticated(error)) session.refuse(credential, error.message)
  }
  const queries = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The client has tried again where that can help.
      queries: { retry: false, networkMode: 'always', refetchOnWindowFocus: true, staleTime: 1_000 },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
  return {
    client,
    queries,
    close() {
      client.close()
      queries.clear()
    },
  }
}

export const isUnauthenticated = (error: unknown): error is BackchannelError =>
  error instanceof BackchannelError && error.code === 'UNAUTHENTICATED'
