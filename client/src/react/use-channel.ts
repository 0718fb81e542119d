import { useMemo, useSyncExternalStore } from 'react'
import type { MessageInput, SubmitFunctionResultInput } from '../generated/operations.ts'
import { type ChannelState, emptyState } from '../state/live.ts'
import { useBackchannel } from './provider.ts'

export interface UseChannel extends ChannelState {
  /** Cancels the run on the server. Leaving the page does not. */
  readonly stop: (reason?: string) => Promise<void>
  /** Hands messages to the run, which reads them before its next model call; a text is one message of a user. */
  readonly addMessages: (messages: string | readonly MessageInput[]) => Promise<void>
  /** Answers one of `pendingCalls`. */
  readonly answer: (callId: string, answer: Pick<SubmitFunctionResultInput, 'data' | 'error'>) => Promise<void>
}

const noStore = { subscribe: () => () => {}, getSnapshot: () => emptyState }

/**
 * What a chat shows of a channel, kept up to date while the component is mounted. It renders at most once a frame, however
 * much comes. Without a channel, and on a server that renders, it is empty: `status` is null.
 */
export function useChannel(channelId: string | null | undefined): UseChannel {
  const client = useBackchannel()
  const store = useMemo(() => (channelId ? client.state(channelId) : noStore), [client, channelId])
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot, noStore.getSnapshot)
  const actions = useMemo(
    (): Pick<UseChannel, 'stop' | 'addMessages' | 'answer'> => ({
      async stop(reason) {
        if (channelId) await client.cancel(channelId, { reason })
      },
      async addMessages(messages) {
        if (channelId) await client.addMessages(channelId, messages)
      },
      async answer(callId, given) {
        if (channelId) await client.answer({ channelId, callId, ...given })
      },
    }),
    [client, channelId],
  )
  return useMemo(() => ({ ...state, ...actions }), [state, actions])
}
