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
}

/**
 * Answers are written within one turn of the event loop. A response that is still open after this delay is a stream.
 */
const lookMs = 20

export function createOpenResponses(): OpenResponses {
  const open = new Set<ServerResponse>()
  return {
    add(response) {
      open.add(response)
      response.once('close', () => open.delete(response))
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
