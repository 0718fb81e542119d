import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './imports.ts'
import { referenceTables, withTables } from './reference-tables.ts'

/** `npm run reference`: writes the tables of the docs that the code knows. */
for (const page of new Set(Object.values(referenceTables).map((table) => table.page))) {
  const file = join(root, page)
  writeFileSync(file, withTables(page, readFileSync(file, 'utf8')))
}
