import type { ChannelId, ConversationId, ConversationKey } from '../../kernel/ids.ts'
import type { Due, DueList } from '../schedule/due.ts'
import type { TranscriptPlace } from './transcripts.ts'

/** A conversation: the line of its dispatches that are not settled, and what those before them have said. Times are in ms since 1970. */
export interface Line {
  readonly key: ConversationKey
  readonly createdAt: number
  readonly updatedAt: number
  /** Of the newest dispatch that has one. */
  readonly contactId: string | null
  /** In the order in which they were accepted. The first is the one whose turn it is. */
  readonly places: readonly LinePlace[]
  /** Null: nothing was said yet. */
  readonly transcript: TranscriptPlace | null
  /** It is being removed: nobody can join any more. */
  readonly isClosed: boolean
}

export interface LinePlace {
  readonly channel: ChannelId
  /** Drawn by whoever joined. The run with this ticket is the one that the place is for. */
  readonly ticket: string
  readonly joinedAt: number
  /** What becomes of those before it, once its run exists. */
  readonly wish: Wish | null
  /** The message up to which the transcript is to be kept when its turn comes; null: all of it, or that has been done. */
  readonly upTo: string | null
}

/** `interrupt`: they are cancelled. `rollback`: they are cancelled, and those that end so are no part of the transcript. */
export type Wish = 'interrupt' | 'rollback'

export interface Join {
  readonly channel: ChannelId
  readonly ticket: string
  /** A run with this ticket exists: it joins again if the line has forgotten it, unless it has been settled. */
  readonly isRejoin: boolean
  /** Refuses to wait behind others. */
  readonly rejects: boolean
  readonly wish: Wish | null
  readonly upTo: string | null
  readonly contactId: string | null
}

/**
 * `joined`: or had joined before, under the ticket of the reply. `busy`: others are in line, and it rejects that. `full`: the line has no
 * more places. `settled`: it has been in the line, and is not any more. `closed`: the conversation is being removed.
 */
export type JoinReply =
  | { readonly outcome: 'joined'; readonly ticket: string; readonly joinedAt: number }
  | { readonly outcome: 'busy' | 'full' | 'settled' | 'closed' }

export interface Leave extends Pick<LinePlace, 'channel' | 'ticket'> {
  /** Only a place that is as old as this, by the store's clock. */
  readonly leastAgeMs: number
  /** Only a place that nobody else has joined under its ticket. */
  readonly unlessShared: boolean
  /** The conversation has no such dispatch: it has never been created, or is another's. */
  readonly forgets: boolean
}

/**
 * The lines of conversations. Each method is atomic, and idempotent when the same call is sent again. Throws UNAVAILABLE when the
 * store cannot be reached. A line that is empty is kept as long as a record.
 */
export interface Lines {
  /** In the order of `keys`; null: there is no such conversation. */
  find(keys: readonly ConversationKey[]): Promise<readonly (Line | null)[]>
  /** Throws LIMIT_EXCEEDED when the account has no room. Brings the line's due entry forward: the place may never get its run. */
  join(key: ConversationKey, join: Join): Promise<JoinReply>
  /** False: there is no such place, or it stays. */
  leave(key: ConversationKey, leave: Leave): Promise<boolean>
  /** Closes an empty line, so that it can be removed, and brings its due entry forward. Again changes nothing. */
  close(key: ConversationKey): Promise<'closed' | 'not-ended' | 'absent'>
  /** Removes a closed line, when its dispatches and its transcript have been removed. */
  remove(key: ConversationKey): Promise<void>
  /**
   * For the first place, if it is this one and has an `upTo`: the transcript stands there from now on. False: it is not, or the store has gone back and
   * its run is not held, or there is no such list; nothing was changed.
   */
  branch(
    key: ConversationKey,
    place: Pick<LinePlace, 'channel' | 'ticket'>,
    transcript: TranscriptPlace,
  ): Promise<boolean>
  /**
   * Takes the first place out of the line, if it is this one, and says where the transcript stands from now on; null: where it stood. False: it is
   * not, or the store has gone back and its run has not ended, or there is no such list; nothing was changed.
   */
  settle(
    key: ConversationKey,
    place: Pick<LinePlace, 'channel' | 'ticket'>,
    transcript: TranscriptPlace | null,
  ): Promise<boolean>
}

/** When somebody must look at a line: `Lines.join` brings the entry forward. */
export type LineDueList = Pick<DueList<ConversationKey>, 'due' | 'move' | 'drop'>
export type LineDue = Due<ConversationKey>

/** Tells of changes, for whoever watches. */
export interface LineNews {
  /** Calls back at each change of the line, and whenever one may have been missed. */
  watch(key: ConversationKey, listener: () => void): Promise<() => void>
}

/** A conversation in a list. */
export interface ConversationPlace {
  readonly conversation: ConversationId
  readonly updatedAt: number
}

export const lineBounds = {
  /** Dispatches of one conversation that have not ended. */
  places: 100,
  /** Its newest dispatches, as it lists them. */
  dispatches: 100_000,
} as const

export const lineTimings = {
  /** A run is created within this time after its place was taken, by the store's clock. */
  createMs: 20_000,
  /** The worker of a run that is to make room for another ends it within this time, or the run is ended without it. */
  patienceMs: 2000,
  /** A place without a run is given up after this time, by the store's clock. Longer than `createMs`, so none comes later. */
  absentMs: 40_000,
  /** The line is looked at this long after somebody has joined. */
  lookMs: 45_000,
} as const
