import type { Tokens } from '../access/token.ts'
import type { ChannelReads } from '../channel/channel.ts'
import type { Follower } from '../channel/follow.ts'
import type { AddMessages } from '../dispatch/add-messages.ts'
import type { Answers } from '../dispatch/answer.ts'
import type { CancelDispatch } from '../dispatch/cancel.ts'
import type { DispatchConversation } from '../dispatch/dispatch.ts'
import type { ConversationIndex, DispatchIndex } from '../dispatch/dispatch-index.ts'
import type { UsedToday } from '../dispatch/limits/used-today.ts'
import type { Lines } from '../dispatch/line/line.ts'
import type { Removals } from '../dispatch/line/removals.ts'
import type { Transcripts } from '../dispatch/line/transcripts.ts'
import type { ConversationWatchDeps } from '../dispatch/line/watch-conversation.ts'
import type { Preflight } from '../dispatch/preflight.ts'
import type { RaiseLimits } from '../dispatch/raise-limits.ts'
import type { ReadDispatch } from '../dispatch/read-dispatch.ts'
import type { RunStore } from '../dispatch/run-store.ts'
import type { Standings } from '../dispatch/standing.ts'
import type { AccountId, ConversationKey } from '../kernel/ids.ts'
import type { DatasetRecord } from '../store/resource.ts'
import type { Resources } from '../store/resources.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'

/** The full-text search that abilities use. Best match first; `text` is a part of a record's text. */
export type SearchRecords = (
  account: AccountId,
  records: readonly DatasetRecord[],
  query: string,
) => Promise<readonly { readonly text: string; readonly score: number }[]>

/** The use cases and reads behind every API; app.ts puts them together. */
export interface Services {
  readonly readDispatch: ReadDispatch
  readonly dispatchConversation: DispatchConversation
  readonly addMessages: AddMessages
  readonly cancelDispatch: CancelDispatch
  readonly raiseLimits: RaiseLimits
  readonly removals: Pick<Removals, 'dispatch' | 'conversation'>
  readonly answers: Pick<Answers, 'submit' | 'publish'>
  readonly runs: RunStore
  readonly lines: Pick<Lines, 'find'>
  readonly transcripts: Pick<Transcripts, 'read'>
  readonly index: DispatchIndex
  readonly standings: Standings
  readonly usedToday: UsedToday
  readonly members: DispatchIndex<ConversationKey>
  readonly conversations: ConversationIndex
  readonly log: ChannelReads
  readonly following: ConversationWatchDeps['following']
  readonly follower: Follower
  readonly preflight: Preflight
  readonly resources: Resources
  readonly searchRecords: SearchRecords
  readonly webhooks: Webhooks
  /** Null: the server has no secret to sign tokens with. */
  readonly tokens: Omit<Tokens, 'read'> | null
}
