import { useCallback, useMemo, useRef, useState } from 'react'
import type { Backchannel } from '../client.ts'
import type { Dispatched } from '../dispatched.ts'
import { BackchannelError } from '../errors.ts'
import { useBackchannel } from './provider.ts'

export interface UseDispatch {
  /** Rejects with what `error` then holds. A later call does not wait for an earlier one. */
  readonly dispatch: (input: Parameters<Backchannel['dispatch']>[0]) => Promise<Dispatched>
  /** Of the last dispatch that was accepted; at first what was given to the hook. */
  readonly channelId: string | null
  /** Whether the last dispatch is still on its way. */
  readonly isDispatching: boolean
  /** Why the last dispatch was not accepted. */
  readonly error: BackchannelError | null
}

interface State {
  readonly channelId: string | null
  readonly isDispatching: boolean
  readonly error: BackchannelError | null
}

/** Starts runs. `initialChannelId` is the one that a page which was reloaded still has, from its address or its storage. */
export function useDispatch(initialChannelId: string | null = null): UseDispatch {
  const client = useBackchannel()
  const [state, setState] = useState<State>({ channelId: initialChannelId || null, isDispatching: false, error: null })
  const latest = useRef(0)
  const dispatch = useCallback<UseDispatch['dispatch']>(
    async (input) => {
      latest.current += 1
      const turn = latest.current
      const set = (change: Partial<State>) => {
        if (turn === latest.current) setState((before) => ({ ...before, ...change }))
      }
      set({ isDispatching: true, error: null })
      try {
        const dispatched = await client.dispatch(input)
        set({ channelId: dispatched.channelId, isDispatching: false })
        return dispatched
      } catch (error) {
        set({ isDispatching: false, error: error instanceof BackchannelError ? error : null })
        throw error
      }
    },
    [client],
  )
  return useMemo(() => ({ ...state, dispatch }), [state, dispatch])
}
