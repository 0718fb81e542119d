import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openEngine } from '../../conformance/engines.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { newKey, startRun } from '../../support/run/runs.ts'
import { dataFolder } from '../../support/sqlite/data-folder.ts'

/** Of a file in which nothing is stored: each table and each index takes a page. */
async function emptyBytes(): Promise<number> {
  const path = dataFolder()
  await (await openEngine({ DATA_DIR: path })).close()
  return statSync(join(path, 'backchannel.db')).size
}

// DATA_BYTES bounds what is counted, so what is counted must be what the file takes.
test.each([
  { runs: 400, deltas: 1, characters: 15 },
  { runs: 50, deltas: 200, characters: 5 },
  { runs: 50, deltas: 40, characters: 900 },
  { runs: 50, deltas: 40, characters: 1100 },
  { runs: 50, deltas: 40, characters: 2000 },
  { runs: 50, deltas: 10, characters: 5000 },
  { runs: 20, deltas: 1, characters: 100_000 },
])('what is counted of $runs runs with $deltas deltas of $characters is what the file takes', async (shape) => {
  const path = dataFolder()
  const engine = await openEngine({ DATA_DIR: path })
  const write = async () => {
    const run = await startRun(engine.runs, newKey())
    for (let delta = 0; delta < shape.deltas; delta++) await run.say('x'.repeat(shape.characters))
    await run.finish()
  }
  await Promise.all(Array.from({ length: shape.runs }, write))
  await engine.close()
  const file = join(path, 'backchannel.db')
  const db = opened(new DatabaseSync(file))
  const { counted } = db.prepare('SELECT sum(bytes) AS counted FROM account').get() as { counted: number }
  const { size } = statSync(file)
  expect(size / counted).toBeGreaterThan(0.7)
  expect((size - (await emptyBytes())) / counted).toBeLessThan(1.35)
})
