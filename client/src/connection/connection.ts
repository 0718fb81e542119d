import { backOff } from '../back-off.ts'
import { BackchannelError, patience, reasonOf } from '../errors.ts'
import { chooseTransport, type TransportOptions } from './choose-transport.ts'
import { post, readData } from './post.ts'
import type { GraphqlRequest, Transport } from './transport.ts'

export interface Connection {
  readonly subscribe: Transport
  /**
   * Sends a query or an idempotent mutation, again after a lost answer, for half a minute, unless it `isOnce`. Rejects with a
   * `BackchannelError`, or with the reason of the signal.
   */
  request(request: GraphqlRequest, channelId: string | null, signal?: AbortSignal, isOnce?: boolean): Promise<unknown>
  close(): void
}

const requestTimeoutMs = 15_000
const mostTries = 6

export function createConnection(options: TransportOptions): Connection {
  const { subscribe, close } = chooseTransport(options)

  const tryOnce = async (request: GraphqlRequest, channelId: string | null, signal: AbortSignal | undefined) => {
    const abort = new AbortController()
    const leave = () => abort.abort()
    const timer = setTimeout(leave, requestTimeoutMs)
    signal?.addEventListener('abort', leave)
    try {
      return await readData(
        await post(options, request, { accept: 'application/json', channelId, signal: abort.signal }),
      )
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    }
  }
  return {
    subscribe,
    close,
    async request(request, channelId, signal, isOnce) {
      for (let failures = 0; ; failures += 1) {
        if (signal?.aborted) throw reasonOf(signal)
        try {
          return await tryOnce(request, channelId, signal)
        } catch (error) {
          if (signal?.aborted) throw reasonOf(signal)
          const isFinal = isOnce || failures + 1 === mostTries
          if (isFinal || !(error instanceof BackchannelError) || patience(error) !== Infinity) throw error
          await pause(failures, signal)
        }
      }
    },
  }
}

function pause(failures: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      cancel()
      signal?.removeEventListener('abort', go)
      resolve()
    }
    const cancel = backOff(failures, go)
    signal?.addEventListener('abort', go)
  })
}
