import type { EarlierTurn } from '../../conversation/event.ts'
import type { Message } from '../../conversation/message.ts'
import type { AccountId, ChannelId, ChannelKey, ConversationKey } from '../../kernel/ids.ts'

/** Where a transcript stands: the first segments of a list, each of which one dispatch has said. */
export interface TranscriptPlace {
  /** Names the list. */
  readonly root: string
  /** In segments. */
  readonly length: number
  /** In messages. */
  readonly messages: number
}

export interface Transcript {
  readonly messages: readonly Message[]
  /** Those among the messages that go back to their providers as they came. */
  readonly turns: readonly EarlierTurn[]
}

/** What one dispatch adds to the transcript of its conversation. */
export interface Said extends Transcript {
  readonly origin: ChannelId
}

/** The transcripts of conversations. Each method is idempotent, and writes to one list only. */
export interface Transcripts {
  /** Null: it is not kept any more. */
  read(account: AccountId, place: TranscriptPlace): Promise<Transcript | null>
  /**
   * Adds what a dispatch has said. The conversation keeps the list from then on for as long as a record is kept. Where the place
   * behind `before` is another dispatch's, the conversation gets a list of its own, with a copy.
   */
  extend(key: ConversationKey, before: TranscriptPlace | null, said: Said): Promise<TranscriptPlace>
  /** Begins a list of the conversation's own with what is kept of its transcript for this dispatch. */
  branch(key: ConversationKey, kept: Said): Promise<TranscriptPlace>
  /** The conversation needs no list that was begun for this dispatch, but the one at this place; runs may. */
  abandon(key: ConversationKey, origin: ChannelId, but: TranscriptPlace | null): Promise<void>
  /** The conversation does not need the list any more; runs may. Does nothing while its line, which is not being removed, stands there. */
  forget(key: ConversationKey, place: TranscriptPlace): Promise<void>
  /** The run needs the transcript until it is let go. Returns the bytes of it; null: it is not kept any more. */
  hold(key: ChannelKey, place: TranscriptPlace): Promise<number | null>
  /** As `letGo` of the runs, for one that has ended and may never have begun. */
  release(key: ChannelKey, place: TranscriptPlace): Promise<void>
}
