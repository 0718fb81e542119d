import { parseArgs } from 'node:util'
import { huntForSecret, huntInFleet, huntInSimulation } from './hunt.ts'
import { moreMutants } from './more-mutants.ts'
import { protocolMutants } from './protocol-mutants.ts'
import { secretMutants } from './secret-mutants.ts'

/**
 * `npm run test:mutants -- --only seq`: every mutant whose name has that in it, hunted by the simulation and by the fleet, one
 * after the other; then those that leak a secret, hunted by the search for secrets. Ends with 1 when one was not found.
 */
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } })
let areAllFound = true

for (const mutant of [...protocolMutants, ...moreMutants].filter(({ name }) => name.includes(values.only))) {
  const { inSimulation, inFleet, edits } = mutant
  const hunts = [
    { by: 'the simulation', says: inSimulation.says, hunt: () => huntInSimulation(mutant) },
    ...(inFleet === undefined
      ? []
      : [
          {
            by: 'the fleet',
            says: inFleet.says,
            hunt: () => huntInFleet(mutant, [...edits, ...(inFleet.without ?? [])]),
          },
        ]),
  ]
  for (const { by, says, hunt } of hunts) {
    const began = performance.now()
    const { code, said } = await hunt()
    const isFound = code === 1 && says.test(said)
    areAllFound &&= isFound
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    const words = said.split('\n').find((line) => says.test(line)) ?? said.slice(0, 500)
    process.stdout.write(`${isFound ? 'found' : 'NOT FOUND'} by ${by}: ${mutant.name} (${seconds} s)\n  ${words}\n`)
  }
}

for (const mutant of secretMutants.filter(({ name }) => name.includes(values.only))) {
  const { isFound, leaks } = await huntForSecret(mutant)
  areAllFound &&= isFound
  const words = leaks.map(({ secret, place, form }) => `${secret} in ${place}, ${form}`).join('; ')
  process.stdout.write(`${isFound ? 'found' : 'NOT FOUND'} by the search for secrets: ${mutant.name}\n  ${words}\n`)
}
process.exit(areAllFound ? 0 : 1)
