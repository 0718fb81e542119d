import { parseArgs } from 'node:util'
import { measureAppends } from './embedded/appends.ts'
import { measureKept } from './embedded/kept.ts'
import { measureReplay } from './embedded/replay.ts'
import { measureStart } from './embedded/start.ts'
import { embeddedTable } from './embedded/table.ts'
import { measureTokens } from './embedded/tokens.ts'

// The embedded engine on a disk, beside itself in memory and Redis with an append-only file, in one run. Arguments: the
// number of rounds, and the names of the figures if not all are wanted.
const figures = {
  appends: async () => [...(await measureAppends(1)), ...(await measureAppends(50))],
  tokens: () => measureTokens(20),
  replay: measureReplay,
  start: measureStart,
  kept: measureKept,
}
const { positionals } = parseArgs({ allowPositionals: true })
const asked = positionals.slice(1)
for (const [name, measure] of Object.entries(figures)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  process.stdout.write(`\n${embeddedTable(await measure())}\n`)
}
