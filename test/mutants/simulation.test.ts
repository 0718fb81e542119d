import { expect, inject, test } from 'vitest'
import { huntInSimulation } from './hunt.ts'
import { protocolMutants } from './protocol-mutants.ts'

test.each(protocolMutants)(
  'the simulation finds the mutant: $name',
  async (mutant) => {
    const { code, said } = await huntInSimulation(mutant, { redisServer: inject('redisServer') })
    expect(said).toMatch(mutant.inSimulation.says)
    expect(code).toBe(1)
  },
  60_000,
)
