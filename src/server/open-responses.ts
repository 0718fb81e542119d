import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { endStream } from '../api/streaming/end-stream.ts'

/** The HTTP responses that have not ended, so that a server can close without cutting an answer. */
export interface OpenResponses {
  add(response: ServerResponse): void
  /**
   * Fulfilled when every request has had its answer, or `graceMs` are over. Event streams are ended as HTTP ends a body,
   * without the `complete` of GraphQL over SSE: a client that gets that takes its subscription for finished, one that
   * does not comes back (graphql-sse: "Connection closed while having active streams", which it retries).
   */
  finish(graceMs: number): Promise<void>
}

/** Answers are written within one turn of the loop; what is still open a look later is a stream. */
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
