import type { ChannelTokens } from '../access/channel-token.ts'
import type { Principal } from '../access/principal.ts'
import type { ChannelReads } from '../channel/channel.ts'
import type { Follower } from '../channel/follow.ts'
import type { Answers } from '../dispatch/answer.ts'
import type { CancelDispatch } from '../dispatch/cancel.ts'
import type { DispatchConversation } from '../dispatch/dispatch.ts'
import type { DispatchIndex } from '../dispatch/dispatch-index.ts'
import type { Preflight } from '../dispatch/preflight.ts'
import type { RunStore } from '../dispatch/run-record.ts'
import type { FollowingReads } from '../dispatch/watch-snapshots.ts'
import type { Resources } from '../store/resources.ts'

/** What resolvers work with; app.ts puts it together. */
export interface Services {
  readonly dispatchConversation: DispatchConversation
  readonly cancelDispatch: CancelDispatch
  readonly answers: Pick<Answers, 'submit' | 'publish'>
  readonly runs: RunStore
  readonly index: DispatchIndex
  readonly log: ChannelReads
  readonly following: FollowingReads
  readonly follower: Follower
  readonly preflight: Preflight
  readonly resources: Resources
  /** Null: there is no secret to sign them with. */
  readonly channelTokens: Pick<ChannelTokens, 'mint'> | null
}

/** One operation's context. */
export interface Context {
  readonly services: Services
  readonly principal: Principal
  /** What the client's X-Timezone header says, or its connection_init; not checked yet. */
  readonly timezone: string | null
}
