import { expect, inject, test } from 'vitest'
import { protocolMutants } from './mutants.ts'
import { runMutant } from './run-mutant.ts'

test.each(protocolMutants)(
  'the simulation finds the mutant: $name',
  async (mutant) => {
    const { code, said } = await runMutant(mutant, inject('redisServer'))
    expect(said).toMatch(mutant.says)
    expect(code).toBe(1)
  },
  60_000,
)
