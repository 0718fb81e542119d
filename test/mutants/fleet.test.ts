import { describe, expect, inject, test } from 'vitest'
import { huntInFleet } from './hunt.ts'
import { protocolMutants } from './protocol-mutants.ts'

const hunted = protocolMutants.flatMap((mutant) =>
  mutant.inFleet === undefined ? [] : [[mutant.name, mutant] as const],
)

describe('on a fleet of processes, the fault harness finds the mutant', () => {
  test.each(hunted)(
    '%s',
    async (_name, mutant) => {
      const { edits, inFleet } = mutant
      const { code, said } = await huntInFleet(mutant, [...edits, ...(inFleet?.without ?? [])], inject('redisServer'))
      expect(said).toMatch(inFleet?.says ?? /^$/)
      expect(code).toBe(1)
    },
    180_000,
  )
})
