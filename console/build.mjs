import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Builds the console into build/console, unless what is there is made from the sources as they are. npm runs it after an install and before
 * a start. It is JavaScript, because an install without development packages runs it with whatever Node there is. Such an
 * install cannot build: the server then says that it has no console, unless a build is there.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'build/console')
const madeFrom = join(out, '.made-from')

function digest() {
  const folders = ['console/src', 'client/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  const files = ['console/index.html', 'console/vite.config.ts', 'package-lock.json'].map((file) => join(root, file))
  const hash = createHash('sha256')
  for (const file of [...files, ...folders.sort()]) hash.update(`${file}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

if (!existsSync(join(root, 'node_modules/vite/package.json'))) {
  if (!existsSync(madeFrom)) {
    process.stderr.write('The console is not built: the development packages are not installed.\n')
  }
} else {
  const now = digest()
  if (!existsSync(madeFrom) || readFileSync(madeFrom, 'utf8') !== now) {
    const { build } = await import('vite')
    mkdirSync(join(root, 'build'), { recursive: true })
    // Beside the other, which may be served meanwhile: whoever reads it finds the one or the other whole.
    const made = mkdtempSync(`${out}-`)
    await build({ configFile: join(root, 'console/vite.config.ts'), logLevel: 'error', build: { outDir: made } })
    writeFileSync(join(made, '.made-from'), now)
    chmodSync(made, 0o755)
    rmSync(out, { recursive: true, force: true })
    try {
      renameSync(made, out)
    } catch (error) {
      // Another build may have been quicker.
      if (!existsSync(madeFrom)) throw error
      rmSync(made, { recursive: true })
    }
  }
}
