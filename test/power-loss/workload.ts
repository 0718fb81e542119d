import { type OpenedDatabase, openDatabase } from '../../src/engines/sqlite/database/open-database.ts'

/** Rows of older groups are deleted, so pages are used again. */
const keptGroups = 12

const account = `account-${'x'.repeat(1500)}`

/** Several commands of one turn, and so one commit: rows of this group, its number, and none of an old one. */
export async function writeGroup({ command, sql }: OpenedDatabase, group: number): Promise<void> {
  const rows = Array.from({ length: sizeOf(group) }, (_, n) => group * 10 + n)
  await Promise.all([
    ...rows.map((at) => command(() => sql.run('INSERT INTO due VALUES (?, ?, ?)', account, `channel-${at}`, at))),
    command(() =>
      sql.run('INSERT INTO due VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at', 'last', 'last', group),
    ),
    command(() => sql.run('DELETE FROM due WHERE account = ? AND at < ?', account, (group - keptGroups + 1) * 10)),
  ])
}

/** The last group that the folder holds; -1: none. Throws where it holds a part of one, or cannot be opened. */
export function lastGroup(path: string): number {
  const database = openDatabase({ path, close: () => {} })
  try {
    const last = database.sql.one<{ at: number }>('SELECT at FROM due WHERE account = ?', 'last')?.at ?? -1
    const found = database.sql.all<{ at: number }>('SELECT at FROM due WHERE account = ? ORDER BY at', account)
    const wanted: number[] = []
    for (let group = Math.max(0, last - keptGroups + 1); group <= last; group++) {
      for (let n = 0; n < sizeOf(group); n++) wanted.push(group * 10 + n)
    }
    const rows = found.map(({ at }) => at).join()
    if (rows !== wanted.join()) throw new Error(`Up to group ${last} there should be ${wanted}, and there is ${rows}`)
    return last
  } finally {
    database.close()
  }
}

const sizeOf = (group: number) => 1 + (group % 3)
