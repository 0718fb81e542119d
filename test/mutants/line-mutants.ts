import type { Mutant } from './mutant.ts'

const theme = 'conversation'

/** The rules of conversations: whose turn it is, what makes room, what is said before, and what is left when all is removed. */
export const lineMutants: readonly Mutant[] = [
  {
    name: 'the last that came stands first',
    edits: [
      {
        file: 'engines/sqlite/line/line-rows.ts',
        find: 'WHERE line = ? ORDER BY id',
        replace: 'WHERE line = ? ORDER BY id DESC',
      },
    ],
    inSimulation: { memory: 60, theme, says: /stands behind it|which was there first|the rules say/ },
  },
  {
    name: 'who rejects to wait waits',
    edits: [
      {
        file: 'engines/sqlite/line/line-store.ts',
        find: 'if (count > 0 && rejects)',
        replace: 'if (count > 99 && rejects)',
      },
    ],
    inSimulation: { memory: 100, theme, says: /rejects to wait, and was accepted/ },
    inFleet: { plan: 'embedded talks', seconds: 15, says: /rejects to wait, and was accepted/ },
  },
  {
    name: 'what was rolled back stays',
    edits: [
      {
        file: 'dispatch/line/line-work.ts',
        find: 'first.upTo !== null || isRolledBack',
        replace: 'first.upTo !== null || (isRolledBack && Date.now() < 0)',
      },
    ],
    inSimulation: { memory: 60, theme, says: /the rules say/ },
    inFleet: { plan: 'talks', seconds: 20, says: /the rules say/ },
  },
  {
    name: 'a transcript that somebody else has cut is taken for one without the message',
    edits: [
      {
        file: 'dispatch/line/line-work.ts',
        find: 'return !(await isFirstToCut(key, place))',
        replace: 'return isFirstToCut(key, place).then(() => false)',
      },
    ],
    inSimulation: { memory: 300, theme, says: /ended as a conflict, and its message was there|the rules say/ },
  },
  {
    name: 'a removed run leaves its answers',
    edits: [
      { file: 'engines/sqlite/run/run-store.ts', find: 'pending.forget(run.id)', replace: 'pending.clear(run.id)' },
    ],
    inSimulation: { memory: 40, theme, says: /all was removed, and there is pending/ },
  },
  {
    name: 'nobody takes back what was written for a dispatch that is left out',
    edits: [
      {
        file: 'dispatch/line/line-work.ts',
        find: 'if (!isFirst || isLeftOut) await abandon(key, place, before)',
        replace: '',
      },
      {
        file: 'dispatch/line/removals.ts',
        find: 'await Promise.all(channels.map((channel) => transcripts.abandon(key, channel, null)))',
        replace: '',
      },
    ],
    inSimulation: { memory: 300, theme, says: /all was removed, and there is list/ },
  },
]
