import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const src = join(root, 'src')

export interface Import {
  /** Below `src`. */
  readonly file: string
  /** As it is written. */
  readonly target: string
}

/** All of `src`, by their paths below it. */
export const files: readonly string[] = globSync('**/*.ts', { cwd: src }).sort()

export const textOf = (file: string) => readFileSync(join(src, file), 'utf8')

export const imports: readonly Import[] = files.flatMap((file) => {
  const found = textOf(file).matchAll(
    /^(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm,
  )
  return [...found].map(([, from, bare, dynamic]) => ({ file, target: from ?? bare ?? dynamic ?? '' }))
})

export const isRelative = ({ target }: Import) => target.startsWith('.')

/** The file that a relative import names, below `src`. */
export const resolved = ({ file, target }: Import) => relative(src, join(src, dirname(file), target))

/** Null for the files that stand in `src` itself. */
export const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : null)

/** Groups of files that reach each other by imports, types included. */
export function circles(): readonly (readonly string[])[] {
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
