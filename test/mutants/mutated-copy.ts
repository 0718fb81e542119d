import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Edit } from './mutant.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface MutatedCopy {
  readonly root: string
  remove(): void
}

/** These parts of the project, with the edits made. Throws when an edit does not fit the code any more. */
export function mutatedCopy(parts: readonly string[], edits: readonly Edit[]): MutatedCopy {
  const copy = mkdtempSync(join(tmpdir(), 'backchannel-mutant-'))
  const remove = () => rmSync(copy, { recursive: true, force: true })
  try {
    for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    for (const { file, find, replace } of edits) {
      const path = join(copy, 'src', file)
      const before = readFileSync(path, 'utf8')
      const places = before.split(find).length - 1
      if (places !== 1) throw new Error(`An edit finds its text ${places} times in src/${file}: ${find}`)
      // A function: `$` is no more than itself.
      writeFileSync(
        path,
        before.replace(find, () => replace),
      )
    }
    return { root: copy, remove }
  } catch (error) {
    remove()
    throw error
  }
}
