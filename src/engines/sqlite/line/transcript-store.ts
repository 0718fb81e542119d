import type { Transcripts as Port } from '../../../dispatch/line/transcripts.ts'
import { abandonedRoots, segmentAlone, segmentBehind, segmentKept, transcriptOf } from '../../transcript.ts'
import type { Database } from '../database/group-commit.ts'
import type { Transcripts } from '../run/transcripts.ts'

/** The lists themselves. The conversation holds its own by its row, a run by its log. */
export function createEmbeddedTranscriptStore({ command, read }: Database, lists: Transcripts): Port {
  return {
    read: (account, place) =>
      read(() => {
        const texts = lists.texts(account, place)
        return texts === null ? null : transcriptOf(texts)
      }),

    extend: (key, before, said) =>
      command(() => {
        const behind = before === null ? null : segmentBehind(before, said)
        if (behind !== null && lists.extend(key.account, behind)) return behind.place
        const texts = before === null ? null : lists.texts(key.account, before)
        const alone = segmentAlone(key, transcriptOf(texts ?? []), said)
        if (!lists.extend(key.account, alone)) throw new Error("A list of the conversation's own always has room.")
        return alone.place
      }),

    branch: (key, kept) =>
      command(() => {
        const segment = segmentKept(key, kept)
        if (!lists.extend(key.account, segment)) throw new Error("A list of the conversation's own always has room.")
        return segment.place
      }),

    abandon: (key, origin, but) =>
      command(() => {
        for (const root of abandonedRoots(key, origin, but)) {
          const list = lists.listOf(key.account, root)
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
