import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { files, root, textOf } from '../house/imports.ts'
import { mutatedCopy } from '../mutants/mutated-copy.ts'

/** The files with a table over the kinds of event. */
const tables = files.filter((file) => /\b(ByEventType|EventHandlers|FactHandlers)</.test(textOf(file)))
const helpers = 'conversation/event-table.ts'

const newKind = [
  { file: 'conversation/event.ts', find: '  | AttachmentFailed\n', replace: '  | AttachmentFailed\n  | NoteWritten\n' },
  {
    file: 'conversation/event.ts',
    find: 'export interface AttachmentFailed {',
    replace:
      "export interface NoteWritten {\n  readonly type: 'note-written'\n}\n\nexport interface AttachmentFailed {",
  },
]
const newFilter = {
  file: 'conversation/event-traits.ts',
  find: "'dispatch-cancelled': { role: 'ending', visibility: 'whole' }",
  replace: "'dispatch-cancelled': { role: 'ending', visibility: 'filtered' }",
}

test('a new kind of event does not compile until every table has it, nor a filtered one without its filter', async () => {
  const copy = mutatedCopy(['src', 'tsconfig.json', 'package.json'], [...newKind, newFilter])
  try {
    const config = { extends: './tsconfig.json', include: ['src'] }
    writeFileSync(join(copy.root, 'tsconfig.src.json'), JSON.stringify(config))
    const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.src.json', '--pretty', 'false']
    const { stdout } = await promisify(execFile)(process.execPath, tsc, { cwd: copy.root }).catch(
      (error: { readonly stdout: string }) => error,
    )
    const asked = new Set([...stdout.matchAll(/^src\/([^(\n]+)\(/gm)].map(([, file = '']) => file))
    const filters = 'conversation/end-user-view.ts'
    expect([...asked].toSorted()).toEqual([...tables.filter((file) => file !== helpers), filters].toSorted())
  } finally {
    copy.remove()
  }
}, 240_000)
