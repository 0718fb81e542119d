import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseFile, type Folder, openFolder } from '../../src/engines/sqlite/database/folder.ts'
import { type OpenedDatabase, openDatabase } from '../../src/engines/sqlite/database/open-database.ts'
import { createPorts, type Ports } from '../../src/engines/sqlite/ports.ts'
import { bringUnfinished } from '../../src/engines/sqlite/schedule/due-list.ts'
import { began, embeddedOptions, entriesOf, type OpenStore, rowsOf } from './store.ts'

/** The one process of the embedded engine, as it dies and another takes its folder. */
export interface Mortal {
  /** It dies at its nth statement that writes from now on: before it is carried out, or just after. */
  dieAt(statement: number, when: 'before' | 'after'): void
  readonly isDead: boolean
  /** Whether another process could open the folder as well, which nobody may. */
  isShared(): boolean
  /** Carries the write-ahead log over into the database, as the upkeep does now and then. */
  checkpoint(): void
  /** Another process opens what the disk has. Without a death before, it goes on. */
  revive(): Promise<void>
}

class Died extends Error {}

interface Life {
  readonly folder: Folder
  readonly database: OpenedDatabase
  readonly ports: Ports
  readonly view: ReturnType<Ports['seenBy']>
}

const newPath = () => mkdtempSync(join(tmpdir(), 'backchannel-simulated-'))

/**
 * The embedded engine on a file, in a process that dies in the middle of a turn: of the transaction that is open then,
 * and of what has been asked for, nothing is kept, answered or told.
 */
export const openFileStore: OpenStore = async (time) => {
  const clock = () => began + time.tick()
  let death: { left: number; readonly when: 'before' | 'after' } | null = null
  /** What the disk had when the process died. */
  let remains: string | null = null

  const begin = async (path: string): Promise<Life> => {
    const folder = openFolder(path)
    const database = openDatabase(folder)
    const { run } = database.sql
    // A process that dies loses nothing that the system has; test/engines/sqlite loses power.
    database.sql.script('PRAGMA synchronous = OFF')
    Object.assign(database.sql, {
      run: (...statement: Parameters<typeof run>) => {
        if (remains !== null) {
          // What it had begun is nothing to the disk, but the connection is to be closed.
          if (statement[0] === 'ROLLBACK') return run(...statement)
          throw new Died()
        }
        const isLast = death !== null && --death.left === 0
        if (isLast && death?.when === 'before') die(path)
        const changes = run(...statement)
        if (isLast) die(path)
        return changes
      },
    })
    const ports = createPorts(database, embeddedOptions(clock, 500_000_000))
    await database.command(() => bringUnfinished(database.sql, clock()))
    return { folder, database, ports, view: ports.seenBy(database) }
  }
  const die = (path: string) => {
    death = null
    remains = newPath()
    for (const name of [databaseFile, `${databaseFile}-wal`]) {
      if (existsSync(join(path, name))) copyFileSync(join(path, name), join(remains, name))
    }
    throw new Died()
  }
  const end = ({ database, folder }: Life) => {
    database.close()
    folder.close()
    rmSync(folder.path, { recursive: true, force: true })
  }
  let life = await begin(newPath())
  /** That of the process which lives. */
  const current = <Port extends object>(portOf: (life: Life) => Port) =>
    new Proxy(portOf(life), { get: (_, name) => Reflect.get(portOf(life), name) })
  const log = current(({ view }) => view.log)

  return {
    log,
    runs: current(({ view }) => view.runs),
    webhooks: current(({ view }) => view.webhooks),
    deliveries: current(({ view }) => view.deliveries),
    results: current(({ ports }) => ports.results),
    due: current(({ ports }) => ports.due),
    lines: current(({ view }) => view.lines),
    lineNews: current(({ view }) => view.lines),
    members: current(({ ports }) => ports.members),
    lineDue: current(({ ports }) => ports.lineDue),
    transcripts: current(({ view }) => view.transcripts),
    clock,
    overdueSeconds: 20,
    resultsWhenLost: 'never',
    settled: () => new Promise<void>((resolve) => setImmediate(resolve)),
    kept: async ({ account, channel }) =>
      life.database.sql.one<{ early: number; matched: number }>(
        `SELECT count(*) - count(waiter) AS early, count(waiter) AS matched FROM message WHERE account = ? AND channel = ?`,
        account,
        channel,
      ),
    keep: null,
    entries: (key) => entriesOf(log, key),
    everything: async () => rowsOf(life.database.sql, life.ports),
    mortal: {
      dieAt(left, when) {
        death = { left, when }
      },
      get isDead() {
        return remains !== null
      },
      isShared() {
        try {
          openFolder(life.folder.path).close()
          return true
        } catch {
          return false
        }
      },
      checkpoint: () => life.database.sql.script('PRAGMA wal_checkpoint(PASSIVE)'),
      async revive() {
        death = null
        if (remains === null) return
        const path = remains
        end(life)
        remains = null
        life = await begin(path)
      },
    },
    close: () => end(life),
  }
}
