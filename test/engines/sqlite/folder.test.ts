import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { backUp } from '../../../src/engines/sqlite/backup.ts'
import { openFolder } from '../../../src/engines/sqlite/database/folder.ts'
import { openDatabase } from '../../../src/engines/sqlite/database/open-database.ts'
import { keptKeys } from '../../../src/engines/sqlite/keys.ts'
import { openEngine } from '../../conformance/engines.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { newKey, newRun, startRun } from '../../support/run/runs.ts'
import { dataFolder } from '../../support/sqlite/data-folder.ts'

const lineOf = (open: () => unknown): string => {
  try {
    open()
  } catch (error) {
    expect(error).toMatchObject({ code: 'UNAVAILABLE' })
    return (error as Error).message
  }
  throw new Error('It opened.')
}
const open = (path: string) => {
  const folder = opened(openFolder(path))
  return opened(openDatabase(folder))
}
/** A folder with an engine's database in it, closed; the names of its runs. */
async function written(runs = 3) {
  const path = dataFolder()
  const engine = await openEngine({ DATA_DIR: path })
  const keys = Array.from({ length: runs }, () => newKey())
  for (const key of keys) await (await startRun(engine.runs, key)).say('x'.repeat(5000))
  await engine.close()
  return { path, keys, file: join(path, 'backchannel.db') }
}

describe('a folder', () => {
  test('is made for this user alone, with all above it', () => {
    const path = join(dataFolder(), 'a', 'b')
    open(path)
    const modes = ['', 'backchannel.db', 'backchannel.db-wal', 'lock'].map(
      (name) => statSync(join(path, name)).mode & 0o777,
    )
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600])
  })

  test('has a database that syncs each commit, writes ahead, and can give space back', () => {
    const { sql } = open(dataFolder())
    const read = (name: string) => Object.values(sql.one<Record<string, unknown>>(`PRAGMA ${name}`) ?? {})
    // FULL, and INCREMENTAL.
    expect(['synchronous', 'journal_mode', 'auto_vacuum'].flatMap(read)).toEqual([2, 'wal', 2])
  })

  test('of others becomes private', () => {
    const path = dataFolder()
    writeFileSync(join(path, 'backchannel.db'), '')
    chmodSync(join(path, 'backchannel.db'), 0o644)
    open(path)
    expect(statSync(join(path, 'backchannel.db')).mode & 0o777).toBe(0o600)
  })

  test('has one process at a time, and the next as soon as that is gone', () => {
    const path = dataFolder()
    const first = openFolder(path)
    expect(lineOf(() => openFolder(path))).toBe(
      `DATA_DIR ${path}: another process uses this folder; each needs a folder of its own, or Redis (REDIS_URL).`,
    )
    first.close()
    opened(openFolder(path))
  })

  test('that cannot be made is refused in a line', () => {
    const file = join(dataFolder(), 'file')
    writeFileSync(file, '')
    expect(lineOf(() => openFolder(join(file, 'folder')))).toMatch(
      /^DATA_DIR \S+: \S+ is no folder; name another folder\.$/,
    )
  })
})

test.each([
  ['a start', (path: string) => void open(path)],
  ['a backup', (path: string) => backUp(path, join(path, 'copy.db'))],
])(
  '%s waits for another process that has the file for a moment, as when that recovers it after a kill',
  async (_what, act) => {
    const { path, file } = await written(1)
    const holding = `const db = new (require('node:sqlite').DatabaseSync)(process.argv[1])
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; PRAGMA user_version = 0; ROLLBACK')
    process.stdout.write('held'); setTimeout(() => process.exit(), 300)`
    const other = spawn(process.execPath, ['-e', holding, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    opened(other, (it) => it.kill('SIGKILL'))
    await once(other.stdout, 'data')
    act(path)
  },
)

describe('a file that is not as it was written is refused in a line, and stays as it is', () => {
  test.each([
    [
      'no database at all',
      (file: string) => writeFileSync(file, 'hello '.repeat(2000)),
      'not a database, or it is damaged',
    ],
    ['torn', (file: string) => truncateSync(file, 40_960), 'damaged'],
    [
      'damaged in the middle',
      (file: string) => {
        const bytes = readFileSync(file)
        writeFileSync(file, bytes.fill(0x5a, 8 * 4096, 12 * 4096))
      },
      'damaged',
    ],
    [
      "somebody else's",
      (file: string) => {
        const db = new DatabaseSync(file)
        db.exec('PRAGMA application_id = 7')
        db.close()
      },
      'not a database of Backchannel',
    ],
    [
      'of a newer release',
      (file: string) => {
        const db = new DatabaseSync(file)
        db.exec('PRAGMA user_version = 99')
        db.close()
      },
      'A newer release wrote it (schema 99',
    ],
  ])('%s', async (_what, spoil, words) => {
    const { path, file } = await written()
    spoil(file)
    const before = readFileSync(file)
    const line = lineOf(() => open(path))
    expect(line).toMatch(/^DATA_DIR \S+: backchannel\.db: [^\n]+$/)
    expect(line).toContain(words)
    expect(readFileSync(file).equals(before)).toBe(true)
  })
})

describe('keys', () => {
  test('are made once', () => {
    const folder = opened(openFolder(dataFolder()))
    const made = keptKeys(folder)
    expect(keptKeys(folder)).toEqual(made)
    expect(made.sealing.equals(made.signing)).toBe(false)
    expect(statSync(join(folder.path, 'keys')).mode & 0o777).toBe(0o600)
  })

  test('that are not as they were made are refused, and not made anew', () => {
    const folder = opened(openFolder(dataFolder()))
    keptKeys(folder)
    writeFileSync(join(folder.path, 'keys'), 'short\n')
    expect(lineOf(() => keptKeys(folder))).toContain('this is not the file that was made')
    expect(readFileSync(join(folder.path, 'keys'), 'utf8')).toBe('short\n')
  })
})

describe('a backup', () => {
  test('is whole while the server writes, and is restored as the documentation says', async () => {
    const { path, keys } = await written()
    const engine = await openEngine({ DATA_DIR: path })
    const late = newKey()
    const writer = await startRun(engine.runs, late)
    const target = join(dataFolder(), 'backup.db')
    const writing = writer.say('meanwhile')
    backUp(path, target)
    await writing
    expect(statSync(target).mode & 0o777).toBe(0o600)
    const restored = dataFolder()
    writeFileSync(join(restored, 'backchannel.db'), readFileSync(target))
    const other = await openEngine({ DATA_DIR: restored })
    expect((await other.runs.find([...keys, late])).map((run) => run?.status)).toEqual(Array(4).fill('running'))
    // It goes on: the runs that were at work are due.
    expect(await other.due.due(Date.now() + 1, 10)).toHaveLength(4)
    expect((await startRun(other.runs, newKey(), newRun())).claim).toBeTypeOf('string')
  })

  test('replaces nothing, and needs something to back up', async () => {
    const { path, file } = await written(1)
    expect(lineOf(() => backUp(path, file))).toContain('is there already')
    expect(lineOf(() => backUp(dataFolder(), join(path, 'new.db')))).toContain('no backchannel.db to back up')
    expect(lineOf(() => backUp(path, join(path, 'nowhere', 'new.db')))).toContain('ENOENT')
  })
})

describe('space', () => {
  test('that ended logs took is given back to the disk', async () => {
    const { path, file } = await written(0)
    const engine = await openEngine({ DATA_DIR: path }, { retentionSeconds: 1 })
    const writer = await startRun(engine.runs, newKey())
    for (let n = 0; n < 20; n++) await writer.say('x'.repeat(500_000))
    await writer.finish()
    await engine.close()
    const full = statSync(file).size
    expect(full).toBeGreaterThan(10_000_000)
    const next = await openEngine({ DATA_DIR: path }, { retentionSeconds: 1 })
    const [freed, deadline] = [() => new DatabaseSync(file, { readOnly: true }), Date.now() + 50_000]
    const pages = () => {
      const db = freed()
      const row = db.prepare('PRAGMA page_count').get() as { page_count: number }
      db.close()
      return row.page_count * 4096
    }
    while (pages() > 6_000_000 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100))
    expect(pages()).toBeLessThan(6_000_000)
    await next.close()
    expect(statSync(file).size).toBeLessThan(6_000_000)
  })
})
