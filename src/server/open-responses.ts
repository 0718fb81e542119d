import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { endStream } from '../api/streaming/end-stream.ts'

/** Tracks HTTP responses that have not ended, so that a server can close without cutting an answer. */
export interface OpenResponses {
  add(response: ServerResponse): void
  /**
   * Resolves when every request has its answer, or after `graceMs`. Ends event streams as HTTP ends a body, without the
   * `complete` of GraphQL over SSE: after `complete` a client considers its subscription finished; without it, the
   * client reconnects (graphql-sse retries "Connection closed while having active streams").
   */
  finish(graceMs: number): Promise<void>
  /**
   * Cuts streams that wait for their client, and of which it has taken nothing since the last call; of an answer that is
   * complete, since ten calls, because nothing shows that the client takes a part of it.
   */
  cutStalled(): void
}

/**
 * Answers are written within one turn of the event loop. A response that is still open after this delay is a stream.
 */
const lookMs = 20

/** For how many calls of `cutStalled` a complete answer may wait for its client. */
const patience = 10

export function createOpenResponses(): OpenResponses {
  const open = new Set<ServerResponse>()
  /** How many bytes its client had taken, of each response that waited for it, and for how many calls. */
  let before = new Map<ServerResponse, { readonly taken: number; readonly calls: number }>()
  return {
    add(response) {
      open.add(response)
      response.once('close', () => open.delete(response))
    },
    cutStalled() {
      const now: typeof before = new Map()
      for (const response of open) {
        const { socket } = response
        if (socket === null || socket.writableLength === 0) continue
        const taken = socket.bytesWritten - socket.writableLength
        const known = before.get(response)
        const calls = known?.taken === taken ? known.calls + 1 : 0
        if (calls >= (response.writableEnded ? patience : 1)) response.destroy()
        else now.set(response, { taken, calls })
      }
      before = now
    },
    async finish(graceMs) {
      const giveUpAt = performance.now() + graceMs
      const begun = new Set<ServerResponse>()
      while (open.size > 0 && performance.now() < giveUpAt) {
        for (const response of open) {
          if (begun.has(response)) endStream(response)
          else if (response.headersSent) begun.add(response)
        }
        await sleep(lookMs)
      }
    },
  }
}
