import { expect, inject, test } from 'vitest'
import { huntInFleet } from './hunt.ts'
import { protocolMutants } from './protocol-mutants.ts'

/** The one that is found soonest shows that the harness finds mutants; `npm run test:mutants` hunts them all. */
const [mutant] = protocolMutants.filter(({ name }) => name === 'ending only published')

test('on a fleet of processes, the fault harness finds the mutant: ending only published', async () => {
  if (mutant?.inFleet === undefined) throw new Error('This mutant is hunted in a fleet.')
  const { code, said } = await huntInFleet(mutant, mutant.edits, inject('redisServer'))
  expect(said).toMatch(mutant.inFleet.says)
  expect(code).toBe(1)
}, 180_000)
