import type { Transcripts as Port } from '../../../dispatch/line/transcripts.ts'
import type { ConversationKey } from '../../../kernel/ids.ts'
import {
  type NewSegment,
  parseSegment,
  rootsOf,
  segmentBehind,
  segmentsAlone,
  segmentsKept,
  transcriptOf,
} from '../../transcript.ts'
import type { Database } from '../database/group-commit.ts'
import type { Transcripts } from '../run/transcripts.ts'

/** The lists themselves. The conversation holds its own by its row, a run by its log. */
export function createEmbeddedTranscriptStore({ command, read }: Database, lists: Transcripts): Port {
  const extendFirst = ({ account }: ConversationKey, segments: readonly NewSegment[]) => {
    const segment = segments.find((each) => lists.extend(account, each))
    if (segment === undefined) throw new Error("A list of the conversation's own always has room.")
    return segment.place
  }
  return {
    read: (account, place) =>
      read(() => {
        const texts = lists.texts(account, place)
        return texts === null ? null : transcriptOf(texts.map(parseSegment))
      }),

    extend: (key, before, said) =>
      command(() => {
        const behind = before === null ? null : segmentBehind(before, said)
        if (behind !== null && lists.extend(key.account, behind)) return behind.place
        const texts = before === null ? null : lists.texts(key.account, before)
        return extendFirst(key, segmentsAlone(key, transcriptOf((texts ?? []).map(parseSegment)), said))
      }),

    branch: (key, kept) =>
      command(() => {
        return extendFirst(key, segmentsKept(key, kept))
      }),

    abandon: (key, origin, but) =>
      command(() => {
        for (const root of rootsOf(key, origin).flat()) {
          const list = root === but?.root ? null : lists.listOf(key.account, root)
          if (list !== null) lists.collect(list)
        }
      }),

    /** The line's row has let go of it. */
    async forget() {},

    hold: ({ account }, place) => read(() => lists.bytes(account, place)),

    /** What a run needs goes with its log. */
    async release() {},
  }
}
