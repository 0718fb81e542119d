import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openFolder } from '../../../src/engines/sqlite/database/folder.ts'
import { openDatabase } from '../../../src/engines/sqlite/database/open-database.ts'
import { createRandom, type Random } from '../../faults/random.ts'
import { createDiskFile } from '../../power-loss/disk.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { dataFolder } from '../../support/sqlite/data-folder.ts'

const frameBytes = 4096 + 24
const frameHeaderBytes = 24
const walHeaderBytes = 32

/** The numbers that a copy of the file holds, with this as its write-ahead log. */
function numbersWith(file: string, wal: Buffer): readonly number[] {
  const path = dataFolder()
  copyFileSync(file, join(path, 'backchannel.db'))
  writeFileSync(join(path, 'backchannel.db-wal'), wal)
  const database = openDatabase({ path, close: () => {} })
  const numbers = database.sql.all<{ at: number }>('SELECT at FROM due ORDER BY at').map(({ at }) => at)
  database.close()
  return numbers
}

/** A folder in which six groups have been answered, and how long the write-ahead log was each time. */
async function written() {
  const path = dataFolder()
  const database = opened(openDatabase(opened(openFolder(path))))
  const file = join(path, 'backchannel.db')
  database.sql.script('PRAGMA wal_checkpoint(TRUNCATE)')
  const answered: number[] = []
  for (let group = 0; group < 6; group++) {
    const numbers = Array.from({ length: 1 + (group % 3) }, (_, n) => group * 10 + n)
    await Promise.all(
      numbers.map((at) =>
        database.command(() =>
          database.sql.run('INSERT INTO due VALUES (?, ?, ?)', `account-${'x'.repeat(1500)}`, `channel-${at}`, at),
        ),
      ),
    )
    answered.push(statSync(`${file}-wal`).size)
  }
  return { file, wal: readFileSync(`${file}-wal`), answered }
}

/** How many groups these are: all from the first on, each whole. */
function groupsIn(numbers: readonly number[]): number {
  const groups = [...new Set(numbers.map((at) => Math.floor(at / 10)))]
  expect(groups).toEqual(Array.from({ length: groups.length }, (_, group) => group))
  expect(numbers).toHaveLength(groups.reduce((sum, group) => sum + 1 + (group % 3), 0))
  return groups.length
}

test('a write-ahead log that is cut anywhere holds a prefix of the commits, and all that had been answered by then', async () => {
  const { file, wal, answered } = await written()
  const frames = (wal.length - walHeaderBytes) / frameBytes
  expect(frames).toBeGreaterThan(10)
  for (let frame = 0; frame <= frames; frame++) {
    for (const within of frame === frames ? [0] : [0, 2000]) {
      const bytes = walHeaderBytes + frame * frameBytes + within
      const groups = groupsIn(numbersWith(file, wal.subarray(0, bytes)))
      // All groups that were answered by then and no part of a later one.
      expect([bytes, groups]).toEqual([bytes, answered.filter((size) => size <= bytes).length])
    }
  }
})

/** Beside it `npm run test:power-loss`, on what a process really writes and syncs, the database itself included. */
describe('of what was not synced, a disk keeps some, torn and in any order', () => {
  /** What a power loss leaves of the log when it had been written up to one place, and synced up to another. */
  const afterPowerLoss = (random: Random, wal: Buffer, { synced, end }: { synced: number; end: number }): Buffer => {
    const disk = createDiskFile(wal.subarray(0, synced))
    for (let at = synced; at < end; at += frameBytes) {
      disk.write({ kind: 'write', at, bytes: wal.subarray(at, at + frameHeaderBytes) })
      disk.write({
        kind: 'write',
        at: at + frameHeaderBytes,
        bytes: wal.subarray(at + frameHeaderBytes, at + frameBytes),
      })
    }
    return disk.afterPowerLoss(random)
  }

  test('and all that was answered is there, since it was synced', async () => {
    const { file, wal, answered } = await written()
    const random = createRandom(1)
    let more = 0
    for (const [group, end] of answered.entries()) {
      const synced = answered[group - 1] ?? walHeaderBytes
      for (let loss = 0; loss < 15; loss++) {
        const groups = groupsIn(numbersWith(file, afterPowerLoss(random, wal, { synced, end })))
        expect([group, group + 1]).toContain(groups)
        if (groups > group) more += 1
      }
    }
    expect(more).toBeGreaterThan(0)
  })

  test('which would be lost if it were answered before', async () => {
    const { file, wal } = await written()
    const random = createRandom(1)
    const left = Array.from({ length: 15 }, () =>
      groupsIn(numbersWith(file, afterPowerLoss(random, wal, { synced: walHeaderBytes, end: wal.length }))),
    )
    expect(Math.min(...left)).toBeLessThan(6)
  })
})
