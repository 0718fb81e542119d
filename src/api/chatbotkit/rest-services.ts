import type { Follower } from '../../channel/follow.ts'
import type { Answers } from '../../dispatch/answer.ts'
import type { CancelDispatch } from '../../dispatch/cancel.ts'
import type { DispatchConversation } from '../../dispatch/dispatch.ts'
import type { RunStore } from '../../dispatch/run-record.ts'
import type { FollowingReads } from '../../dispatch/watch-snapshots.ts'
import type { Resources } from '../../store/resources.ts'
import type { SearchRecords } from './resource/dataset-search.ts'

/** The use cases that the endpoints call; the same as GraphQL's. */
export interface RestServices {
  readonly dispatchConversation: DispatchConversation
  readonly cancelDispatch: CancelDispatch
  readonly answers: Pick<Answers, 'publish'>
  readonly runs: Pick<RunStore, 'find'>
  readonly following: FollowingReads
  readonly follower: Follower
  readonly resources: Resources
  readonly searchRecords: SearchRecords
}
