import { writeSync } from 'node:fs'
import { openFolder } from '../../src/engines/sqlite/database/folder.ts'
import { openDatabase } from '../../src/engines/sqlite/database/open-database.ts'
import { writeGroup } from './workload.ts'

/** `node writer.ts FOLDER GROUPS SYNCHRONOUS`: writes groups, and says of each that it has been answered. */
const [path = '', groups = '', synchronous = ''] = process.argv.slice(2)
const database = openDatabase(openFolder(path))
if (synchronous !== 'FULL') database.sql.script(`PRAGMA synchronous = ${synchronous}`)
for (let group = 0; group < Number(groups); group++) {
  await writeGroup(database, group)
  writeSync(1, `answered ${group}\n`)
  // As the upkeep does, so the write-ahead log begins anew now and then.
  if (group % 5 === 4) database.sql.script('PRAGMA wal_checkpoint(PASSIVE)')
}
// Not closed: it loses its power.
process.exit(0)
