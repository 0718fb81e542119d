import type { ChannelKey, ConversationKey } from '../../kernel/ids.ts'
import type { DispatchIndex } from '../dispatch-index.ts'
import type { Removal, RunStore } from '../run-store.ts'
import type { Lines } from './line.ts'
import type { LineWork } from './line-work.ts'
import type { Transcripts } from './transcripts.ts'

export interface RemovalDeps {
  readonly runs: Pick<RunStore, 'find' | 'remove'>
  readonly lines: Lines
  readonly transcripts: Pick<Transcripts, 'forget' | 'abandon'>
  readonly members: DispatchIndex<ConversationKey>
  readonly lineWork: Pick<LineWork, 'advance'>
}

/** Removes what callers no longer want to be kept. Each step is idempotent; the sweep goes on with a conversation whose remover has died. */
export interface Removals {
  /** What a dispatch has said in its conversation stays there. `not-ended`: it, or one before it in its conversation. */
  dispatch(key: ChannelKey): Promise<Removal>
  conversation(key: ConversationKey): Promise<Removal>
  /** Goes on with a conversation that is being removed; does nothing to any other. */
  finish(key: ConversationKey): Promise<void>
}

const atOnce = 100

export function createRemovals({ runs, lines, transcripts, members, lineWork }: RemovalDeps): Removals {
  const isClosed = async (key: ConversationKey) => (await lines.find([key]))[0]?.isClosed === true
  const finish: Removals['finish'] = async (key) => {
    for (;;) {
      const places = await members.page(key, null, atOnce)
      const channels = places.map(({ channel }) => channel)
      const found = await runs.find(channels.map((channel) => ({ account: key.account, channel })))
      // After its dispatches were found: once another remover is done, the conversation may come to be again.
      const [line = null] = await lines.find([key])
      if (!line?.isClosed) return
      if (places.length === 0) {
        if (line.transcript !== null) await transcripts.forget(key, line.transcript)
        return lines.remove(key)
      }
      await Promise.all(found.map(async (run) => run && runs.remove(run.key, run.createdAt)))
      // Another remover may be done by now, and dispatches with the same names in a conversation of their own.
      if (!(await isClosed(key))) return
      // Somebody may have died between what was written for a dispatch and the line that was to name it.
      await Promise.all(channels.map((channel) => transcripts.abandon(key, channel, null)))
      if (!(await isClosed(key))) return
      await members.remove(key, places)
    }
  }
  return {
    finish,

    async dispatch(key) {
      const [run] = await runs.find([key])
      if (run == null) return 'absent'
      const line = run.turn === null ? null : { account: key.account, conversation: run.turn.conversation }
      // What it has said goes into the transcript first, in its turn.
      if (line !== null) {
        await lineWork.advance(line)
        const [now] = await lines.find([line])
        if (now?.places.some(({ channel }) => channel === key.channel)) return 'not-ended'
      }
      const removal = await runs.remove(key, run.createdAt)
      if (removal === 'removed' && line !== null)
        await members.remove(line, [{ channel: key.channel, createdAt: null }])
      return removal
    },

    async conversation(key) {
      await lineWork.advance(key)
      const closing = await lines.close(key)
      if (closing !== 'closed') return closing
      await finish(key)
      return 'removed'
    },
  }
}
