import { expect, inject, test } from 'vitest'
import { huntInSimulation } from './hunt.ts'
import { lineMutants } from './line-mutants.ts'
import { protocolMutants } from './protocol-mutants.ts'

/** The others take more seeds; `npm run check:all` hunts them all. */
const foundSoon = [...protocolMutants, ...lineMutants].filter(
  ({ inSimulation: { redis = 0, memory = 0 } }) => redis <= 5 && memory <= 40,
)

test.each(foundSoon)(
  'the simulation finds the mutant: $name',
  async (mutant) => {
    const { code, said } = await huntInSimulation(mutant, { redisServer: inject('redisServer') })
    expect(said).toMatch(mutant.inSimulation.says)
    expect(code).toBe(1)
  },
  60_000,
)
