import type { ServerResponse } from 'node:http'
import { visibleEvent } from '../../access/permission.ts'
import type { Principal } from '../../access/principal.ts'
import { readPages } from '../../channel/read-pages.ts'
import type { ChannelKey } from '../../kernel/ids.ts'
import type { Facade } from '../facade/facade.ts'
import { frameResponse } from '../facade/frame-response.ts'
import { type FrameReader, readFrames } from '../facade/read-frames.ts'
import type { Services } from '../services.ts'
import { type ChunkFrame, done, writeChunk } from './chunk.ts'
import { createCountedFold } from './counted-chunks.ts'
import { createChunkFold } from './fold-chunks.ts'

/** A stream of chunks, as it can be asked for again. */
export interface ChunkStream {
  readonly messageId: string
  /** The dispatches that tell it, in order. */
  readonly keys: readonly [ChannelKey, ...ChannelKey[]]
  /** The client has all up to this entry of the first channel; 0: nothing. */
  readonly after: number
  /** The client has the calls that the first dispatch answers. */
  readonly hasCalls: boolean
  /** The chunks that the client has, for one that counts them; below 0, all but so many. Null: it does not count. */
  readonly startIndex: number | null
}

/** The connection that carries it, where several streams share one. */
interface Carried {
  readonly connection?: object
}

export interface Reading {
  readonly reader: FrameReader<ChunkFrame>
  readonly headers: Readonly<Record<string, string>>
}

/** Opens a stream for the principal. */
export async function openStream(
  facade: Facade,
  principal: Principal,
  stream: ChunkStream & Carried,
): Promise<Reading> {
  const { keys, startIndex, connection = {} } = stream
  const fold = foldOf(stream)
  if (startIndex === null) return { reader: readFrames(facade, { keys, principal, fold, connection }), headers: {} }
  const tail = startIndex < 0 ? await countNow(facade.services, principal, stream) : null
  const from = tail === null ? startIndex : Math.max(0, tail + startIndex)
  return {
    reader: readFrames(facade, { keys, principal, connection, fold: createCountedFold(fold, from) }),
    headers: tail === null ? {} : { 'x-workflow-stream-tail-index': String(tail - 1) },
  }
}

const marker = { 'x-vercel-ai-ui-message-stream': 'v1' }

/** The answer to a client that counts chunks, where there are none: it takes 204 for an error, and asks until it gets a `finish`. */
export function nothingToCount(): Response {
  const headers = { ...marker, 'content-type': 'text/event-stream', 'x-workflow-stream-tail-index': '-1' }
  return new Response(writeChunk({ type: 'finish' }) + writeChunk(done), { headers })
}

/** What useChat takes as an answer. */
export function chunkResponse(
  facade: Facade,
  outgoing: ServerResponse,
  { reader, headers, stream }: Reading & { readonly stream: ChunkStream },
): Promise<Response> {
  return frameResponse(reader, {
    outgoing,
    write: writeChunk,
    beat: ': keep-alive\n\n',
    heartbeatMs: facade.heartbeatMs,
    headers: { ...headers, ...marker, 'x-workflow-run-id': runIdOf(stream) },
  })
}

function foldOf({ messageId, keys, after, hasCalls }: ChunkStream) {
  return createChunkFold({ messageId, last: keys.at(-1) ?? keys[0], after, hasCalls })
}

/** How many chunks the stream has by now. */
async function countNow({ log }: Services, principal: Principal, stream: ChunkStream): Promise<number> {
  const fold = createCountedFold(foldOf(stream), 0)
  for (const key of stream.keys) {
    for await (const { entries } of readPages(log, key, null)) {
      for (const entry of entries) {
        const event = visibleEvent(principal, entry.event)
        if (event !== null) fold.accept({ ...entry, event }, key)
      }
    }
  }
  fold.atHead?.()
  return fold.count()
}

/** Names a stream to Workflow's transport, which asks for it again by that name. No conversation's id has a dot. */
function runIdOf({ messageId, keys: [{ channel }], after }: ChunkStream): string {
  return `${channel}.${after}.${messageId}`
}

/** Null for any other text. The channel is not yet known to be the caller's. */
export function parseRunId(
  text: string,
): { readonly channel: string; readonly after: number; readonly messageId: string } | null {
  const [, channel, after, messageId] = /^([\w-]{16,128})\.(\d{1,15})\.(answer_[\w-]{16,128})$/.exec(text) ?? []
  return channel === undefined || messageId === undefined ? null : { channel, after: Number(after), messageId }
}
