import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react'
import type { Backchannel } from '../client.ts'

const context = createContext<Backchannel | null>(null)

export interface BackchannelProviderProps {
  /** Made once, outside of components. */
  readonly client: Backchannel
  readonly children?: ReactNode
}

/** Gives the hooks below it their client. */
export function BackchannelProvider({ client, children }: BackchannelProviderProps): ReactElement {
  return createElement(context.Provider, { value: client }, children)
}

export function useBackchannel(): Backchannel {
  const client = useContext(context)
  if (client === null) throw new Error('No BackchannelProvider.')
  return client
}
