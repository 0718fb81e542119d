import type { DispatchError, FinishReason } from '../../conversation/event.ts'
import { isRecord, stringifyJson } from '../../kernel/json.ts'

/** A part of the AI SDK's UI message stream. Its client ends the stream at a `type` it does not know; what is ours is `data-*`. */
export type Chunk = { readonly type: string } & Readonly<Record<string, unknown>>

/** Ends an event stream, behind the last chunk. */
export const done = '[DONE]'
export type ChunkFrame = Chunk | typeof done

export function writeChunk(frame: ChunkFrame): string {
  return `data: ${frame === done ? done : stringifyJson(frame)}\n\n`
}

/** A message of ours whose words the stream tells. */
export type WordsOf = 'text' | 'reasoning'

/** The AI SDK's word for how a run ended. `interrupted` keeps the client from going on by itself. */
export const finishReasons: Record<FinishReason, string> = {
  stop: 'stop',
  length: 'length',
  activity: 'tool-calls',
  abort: 'interrupted',
  iteration: 'other',
  calls: 'other',
  loop: 'other',
  tokens: 'other',
  cost: 'other',
}

/** Ends the stream in its client as failed. */
export function errorChunk({ message }: Pick<DispatchError, 'message'>): Chunk {
  return { type: 'error', errorText: message }
}

/** Why a call failed, of its result as models read it: an object with nothing but an `error`. Null: it did not fail. */
export function errorOf(result: unknown): string | null {
  if (!isRecord(result) || Object.keys(result).length !== 1) return null
  return typeof result['error'] === 'string' ? result['error'] : null
}
