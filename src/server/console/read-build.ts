import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where `node console/build.mjs` writes; a published package has it in the same place. */
export const consoleFolder = fileURLToPath(new URL('../../../build/console/', import.meta.url))

export interface BuiltFile {
  /** Within the build: `index.html`, `assets/main-3f2a.js`. */
  readonly name: string
  readonly contentType: string
  readonly content: Buffer
}

/** By extension. A file of another kind is not served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** Reads the whole build once, so that no request can name another file. Null: there is no `index.html` in the folder. */
export function readBuild(folder: string): readonly BuiltFile[] | null {
  const names = namesIn(folder)
  if (!names.includes('index.html')) return null
  return names.flatMap((name) => {
    const contentType = contentTypes[extname(name)]
    return contentType === undefined ? [] : [{ name, contentType, content: readFileSync(join(folder, name)) }]
  })
}

function namesIn(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
}
