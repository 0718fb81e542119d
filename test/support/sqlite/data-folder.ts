import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { opened } from '../lifetime/opened.ts'

/** A folder for the embedded engine, which goes with the test. */
export function dataFolder(): string {
  return opened(mkdtempSync(join(tmpdir(), 'backchannel-data-')), (path) =>
    rmSync(path, { recursive: true, force: true }),
  )
}
