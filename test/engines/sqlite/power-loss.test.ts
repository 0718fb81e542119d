import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFolder } from '../../../src/engines/sqlite/database/folder.ts'
import { openDatabase } from '../../../src/engines/sqlite/database/open-database.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { dataFolder } from '../../support/sqlite/data-folder.ts'

const frameBytes = 4096 + 24
const walHeaderBytes = 32

/** The numbers that a copy of the file holds, with its write-ahead log cut off there. */
function numbersAfterCut(file: string, bytes: number): readonly number[] {
  const path = dataFolder()
  copyFileSync(file, join(path, 'backchannel.db'))
  writeFileSync(join(path, 'backchannel.db-wal'), readFileSync(`${file}-wal`).subarray(0, bytes))
  const database = openDatabase({ path, close: () => {} })
  const numbers = database.sql.all<{ at: number }>('SELECT at FROM due ORDER BY at').map(({ at }) => at)
  database.close()
  return numbers
}

test('a write-ahead log that is cut anywhere holds a prefix of the commits, and all that had been answered by then', async () => {
  const path = dataFolder()
  const database = opened(openDatabase(opened(openFolder(path))))
  const file = join(path, 'backchannel.db')
  database.sql.script('PRAGMA wal_checkpoint(TRUNCATE)')
  /** How long the log was when each group had been answered. */
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
  const groupsIn = (numbers: readonly number[]) => [...new Set(numbers.map((at) => Math.floor(at / 10)))]
  const frames = (statSync(`${file}-wal`).size - walHeaderBytes) / frameBytes
  expect(frames).toBeGreaterThan(10)
  for (let frame = 0; frame <= frames; frame++) {
    for (const within of frame === frames ? [0] : [0, 2000]) {
      const bytes = walHeaderBytes + frame * frameBytes + within
      const numbers = numbersAfterCut(file, bytes)
      const groups = groupsIn(numbers)
      const kept = answered.filter((size) => size <= bytes).length
      // All groups that were answered by then and no part of a later one, without a hole.
      expect([bytes, groups]).toEqual([bytes, Array.from({ length: kept }, (_, group) => group)])
      expect(numbers).toHaveLength(groups.reduce((sum, group) => sum + 1 + (group % 3), 0))
    }
  }
})
