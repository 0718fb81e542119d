import type { ChannelKey } from './ids.ts'

/** What happens to runs, as it is told to logs and metrics. Of what was said there is nothing in it. */
export type RunNews =
  | { readonly type: 'dispatched'; readonly key: ChannelKey; readonly model: string }
  /** The same dispatch again, or another one for the same channel, which is refused. */
  | { readonly type: 'dispatched-again'; readonly key: ChannelKey; readonly outcome: 'exists' | 'conflict' }
  | {
      readonly type: 'started'
      readonly key: ChannelKey
      readonly attempt: number
      readonly how: 'first' | 'resumed' | 'taken-over'
      /** Since the dispatch, delays that were asked for included. */
      readonly waitedMs: number
    }
  | { readonly type: 'iterated'; readonly key: ChannelKey; readonly model: string; readonly durationMs: number }
  | { readonly type: 'parked'; readonly key: ChannelKey; readonly calls: number }
  | {
      readonly type: 'answered'
      readonly key: ChannelKey
      readonly callId: string
      readonly by: 'submit' | 'channel' | 'deadline'
      readonly outcome: string
      /** The run was parked, and goes on with this. */
      readonly wakes: boolean
    }
  | { readonly type: 'handed-back'; readonly key: ChannelKey }
  /** Another worker has the run, or it has ended: what this one would have written was refused. */
  | { readonly type: 'append-refused'; readonly key: ChannelKey; readonly outcome: 'fenced' | 'ended' }
  | {
      readonly type: 'ended'
      readonly key: ChannelKey
      readonly outcome: 'completed' | 'failed' | 'cancelled'
      /** Of the failure; null otherwise. */
      readonly code: string | null
      /** Since the dispatch. */
      readonly durationMs: number
      readonly iterations: number
      readonly calls: number
    }

/** What there is too much of to log. */
export type TrafficNews =
  | { readonly type: 'appended'; readonly events: number }
  | { readonly type: 'reader-came' }
  | { readonly type: 'reader-went' }
  | { readonly type: 'delivered'; readonly events: number }
  /** The log was read for a reader: at its start, or because what it heard had a gap. */
  | { readonly type: 'replayed'; readonly why: 'start' | 'gap' }
  | { readonly type: 'first-token'; readonly model: string; readonly ms: number }
  | {
      readonly type: 'model-called'
      readonly model: string
      readonly outcome: 'finished' | 'failed' | 'aborted'
      readonly durationMs: number
      readonly tokens: ModelTokens
    }
  | { readonly type: 'ability-called'; readonly outcome: string; readonly durationMs: number }

export interface ModelTokens {
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
}

export type News = RunNews | TrafficNews
export type Tell = (news: News) => void

/** The jobs that wait for a worker. `oldestMs`: how long the first of them has been waiting; null when none is. */
export interface Backlog {
  readonly waiting: number
  readonly oldestMs: number | null
}
