import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const cache = join(root, 'node_modules/.cache/service')
/** A build takes a few seconds; one that is not there after so long has failed, or its process has died. */
const patienceMs = 60_000

let building: Promise<string> | null = null

/** The service in one file, built from the sources as they are now, once for all test files (build-service.ts). */
export function builtService(): Promise<string> {
  building ??= find()
  return building
}

async function find(): Promise<string> {
  const folder = join(cache, nameOf())
  const main = join(folder, 'main.mjs')
  const lock = `${folder}.lock`
  mkdirSync(cache, { recursive: true })
  for (const giveUpAt = Date.now() + patienceMs; !existsSync(main); await delay(50)) {
    if (Date.now() > giveUpAt) rmSync(lock, { recursive: true, force: true })
    try {
      mkdirSync(lock)
    } catch {
      // Another test file builds it.
      continue
    }
    try {
      if (!existsSync(main)) await promisify(execFile)(process.execPath, [buildScript, folder], { cwd: root })
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
  return main
}

const buildScript = fileURLToPath(new URL('build-service.ts', import.meta.url))

/** Of all that a build is made from. */
function nameOf(): string {
  const hash = createHash('sha256').update(root)
  const files = [
    'package-lock.json',
    'test/support/service/build-service.ts',
    ...globSync('src/**/*.ts', { cwd: root }).sort(),
  ]
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}
