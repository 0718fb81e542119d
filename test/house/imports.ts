import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Import {
  /** Below the folder that was read. */
  readonly file: string
  /** As it is written. */
  readonly target: string
}

export const isRelative = ({ target }: Import) => target.startsWith('.')

/** Null for the files that stand in the folder itself. */
export const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : null)

/** All modules below a folder, and how they import each other. */
export function readModules(folder: string) {
  const at = join(root, folder)
  const files: readonly string[] = globSync('**/*.{ts,tsx}', { cwd: at }).sort()
  const textOf = (file: string) => readFileSync(join(at, file), 'utf8')
  const imports: readonly Import[] = files.flatMap((file) => {
    const found = textOf(file).matchAll(
      /^(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm,
    )
    return [...found].map(([, from, bare, dynamic]) => ({ file, target: from ?? bare ?? dynamic ?? '' }))
  })
  /** The file that a relative import names, below the folder. */
  const resolved = ({ file, target }: Import) => relative(at, join(at, dirname(file), target))

  /** Groups of files that reach each other by imports, types included. */
  function circles(): readonly (readonly string[])[] {
    const next = new Map(files.map((file) => [file, imports.filter((each) => each.file === file && isRelative(each))]))
    const reach = (from: string): ReadonlySet<string> => {
      const seen = new Set<string>()
      const open = [from]
      for (let file = open.pop(); file !== undefined; file = open.pop()) {
        for (const target of (next.get(file) ?? []).map(resolved)) {
          if (seen.has(target)) continue
          seen.add(target)
          open.push(target)
        }
      }
      return seen
    }
    const reached = new Map(files.map((file) => [file, reach(file)]))
    const found = new Map<string, readonly string[]>()
    for (const file of files) {
      if (!reached.get(file)?.has(file)) continue
      const circle = files.filter((other) => reached.get(file)?.has(other) && reached.get(other)?.has(file))
      found.set(circle.join(), circle)
    }
    return [...found.values()]
  }
  return { files, textOf, imports, resolved, circles }
}

/** All of `src`. */
export const { files, textOf, imports, resolved, circles } = readModules('src')
