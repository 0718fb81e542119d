import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { OwnKeys } from '../engine.ts'
import { type Folder, folderFailure } from './database/folder.ts'

const keysFile = 'keys'

/** Of a process whose data goes with it. */
export function randomKeys(): OwnKeys {
  return { sealing: randomBytes(32), signing: randomBytes(32) }
}

/**
 * Made once, and kept beside the database in a file of this user: two lines of base64. It is not in the database, so a
 * backup alone opens no secret.
 */
export function keptKeys({ path }: Folder): OwnKeys {
  const file = join(path, keysFile)
  const known = readIfThere(file)
  if (known === null) return makeKeys(file)
  const keys = known
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64'))
  const [sealing, signing] = keys
  if (keys.length !== 2 || sealing?.length !== 32 || signing?.length !== 32) {
    throw folderFailure(
      path,
      `${keysFile}: this is not the file that was made; restore it, or move it away to begin with new keys.`,
    )
  }
  return { sealing, signing }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Whole or not at all, whenever the machine stops. */
function makeKeys(file: string): OwnKeys {
  const keys = randomKeys()
  const draft = openSync(`${file}.new`, 'w', 0o600)
  try {
    writeSync(draft, `${keys.sealing.toString('base64')}\n${keys.signing.toString('base64')}\n`)
    fsyncSync(draft)
  } finally {
    closeSync(draft)
  }
  renameSync(`${file}.new`, file)
  return keys
}
