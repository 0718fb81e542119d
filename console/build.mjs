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
  const files = ['console/build.mjs', 'console/index.html', 'console/vite.config.ts', 'package-lock.json'].map((file) =>
    join(root, file),
  )
  const hash = createHash('sha256')
  for (const file of [...files, ...folders.sort()]) hash.update(`${file}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

/** Builds beside the build that is there, which may be served meanwhile: whoever reads it finds the one or the other whole. */
async function buildFrom(sources) {
  mkdirSync(join(root, 'build'), { recursive: true })
  const made = mkdtempSync(`${out}-`)
  try {
    // Whoever builds: a test runner says `test`, and React would be the one for development, twice as large.
    process.env.NODE_ENV = 'production'
    const { build } = await import('vite')
    await build({ configFile: join(root, 'console/vite.config.ts'), logLevel: 'error', build: { outDir: made } })
    writeFileSync(join(made, '.made-from'), sources)
    chmodSync(made, 0o755)
    rmSync(out, { recursive: true, force: true })
    renameSync(made, out)
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    // Another build of the same sources may have been quicker.
    if (!isBuiltFrom(sources)) throw error
  }
}

const isBuiltFrom = (sources) => existsSync(madeFrom) && readFileSync(madeFrom, 'utf8') === sources

/** The service needs no console: an install and a start go on without it. */
const isOptional = ['prepare', 'prestart'].includes(process.env.npm_lifecycle_event)

if (!existsSync(join(root, 'node_modules/vite/package.json'))) {
  if (!existsSync(madeFrom)) {
    process.stderr.write('The console is not built: the development packages are not installed.\n')
  }
} else {
  const sources = digest()
  try {
    if (!isBuiltFrom(sources)) await buildFrom(sources)
  } catch (error) {
    if (!isOptional) throw error
    process.stderr.write(`The console could not be built: ${String(error).split('\n').slice(0, 12).join('\n')}\n`)
  }
}
