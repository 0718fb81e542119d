import type { Mutant } from './mutant.ts'

const theme = 'pauses'

/** The rules of limits that pause a run: what it may use, what it is told of a raise, and whom a pause is told to. */
export const pauseMutants: readonly Mutant[] = [
  {
    name: 'a raise on the way to a pause is not seen, in the embedded engine',
    edits: [
      {
        file: 'engines/sqlite/run/parking.ts',
        find: 'log.facts !== seenFacts || log.factTag !== lastTag',
        replace: '(pause === undefined && (log.facts !== seenFacts || log.factTag !== lastTag))',
      },
    ],
    inSimulation: { memory: 100, theme, says: /it pauses at/ },
  },
  {
    name: 'a running run hears of no raise, in the embedded engine',
    edits: [{ file: 'engines/sqlite/run/parking.ts', find: 'added: run.added + 1 }', replace: 'added: run.added }' }],
    inSimulation: { memory: 200, theme, says: /a model call begins after|never comes to rest/ },
  },
  {
    name: 'what a run may use is what it was dispatched with',
    edits: [
      {
        file: 'conversation/decide.ts',
        find: '{ ...asked, limits: { ...asked.limits, ...state.raised } }',
        replace: '{ ...asked, limits: asked.limits }',
      },
    ],
    // Not in a fleet: there a client raises its limits again whenever it pauses, so that it never ends.
    inSimulation: { memory: 40, theme, says: /it pauses at|it ends for/ },
  },
  {
    name: 'a pause is told as the wait before it, in the script',
    edits: [{ file: 'engines/redis/run/park.lua', find: '  notice = ARGV[6]\n', replace: '' }],
    inSimulation: { redis: 60, theme, says: /has paused, and its webhook is told/ },
  },
]
