import type { Mutant } from './mutant.ts'

/** The embedded engine's own rules: what is told is kept, whole, by the one process that has the folder. */
export const embeddedMutants: readonly Mutant[] = [
  {
    name: 'commit after telling',
    edits: [
      {
        file: 'engines/sqlite/database/group-commit.ts',
        find: "      sql.run('COMMIT')\n",
        replace: "      for (const tell of tellings) tell()\n      tellings = []\n      sql.run('COMMIT')\n",
      },
    ],
    inSimulation: { file: 300, says: /is told CURSOR_EXPIRED|a watcher: / },
  },
  {
    name: 'deltas committed after their fact',
    edits: [
      {
        file: 'engines/sqlite/channel/log.ts',
        find: "        sql.run('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)', log.id, last, kind, payload, tag, at, isFact ? 1 : 0)\n",
        replace: `        const offset = last
        const insert = () =>
          sql.run('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)', log.id, offset, kind, payload, tag, at, isFact ? 1 : 0)
        if (isFact) insert()
        else process.nextTick(() => { try { insert() } catch {} })
`,
      },
    ],
    inSimulation: { file: 300, says: /its head says so|offsets are not dense|is not what its deltas say/ },
  },
  {
    name: 'the lock of the folder is ignored',
    edits: [
      {
        file: 'engines/sqlite/database/folder.ts',
        find: "      lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')\n",
        replace: '',
      },
    ],
    inSimulation: { file: 20, says: /two processes have the folder/ },
  },
]
