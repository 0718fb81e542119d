import { expect, test } from 'vitest'
import { embeddedMutants } from '../mutants/embedded-mutants.ts'
import { fairMutants } from '../mutants/fair-mutants.ts'
import { goingBackMutants } from '../mutants/going-back-mutants.ts'
import { lineMutants } from '../mutants/line-mutants.ts'
import { moreMutants } from '../mutants/more-mutants.ts'
import type { Edit } from '../mutants/mutant.ts'
import { pauseMutants } from '../mutants/pause-mutants.ts'
import { protocolMutants } from '../mutants/protocol-mutants.ts'
import { secretMutants } from '../mutants/secret-mutants.ts'
import { textOf } from './imports.ts'

const mutants: readonly (readonly [name: string, edits: readonly Edit[]])[] = [
  ...[
    ...protocolMutants,
    ...moreMutants,
    ...embeddedMutants,
    ...lineMutants,
    ...pauseMutants,
    ...fairMutants,
    ...goingBackMutants,
  ].map(({ name, edits }) => [name, edits] as const),
  ...[...protocolMutants, ...moreMutants].flatMap(({ name, inFleet }) =>
    inFleet?.without === undefined ? [] : [[`${name}, and what would hide it`, inFleet.without] as const],
  ),
  ...secretMutants.map(({ name, edits }) => [name, edits] as const),
]

// The hunts take minutes, and say the same much later.
test.each(mutants)('every edit of this mutant finds its text exactly once: %s', (_name, edits) => {
  const texts = new Map<string, string>()
  for (const { file, find, replace } of edits) {
    const before = texts.get(file) ?? textOf(file)
    expect(before.split(find).length - 1, `${file}: ${find}`).toBe(1)
    texts.set(
      file,
      before.replace(find, () => replace),
    )
  }
})
