import { parseArgs } from 'node:util'
import { exitWhenSaid } from '../support/exit-when-said.ts'
import { embeddedMutants } from './embedded-mutants.ts'
import { fairMutants } from './fair-mutants.ts'
import { goingBackMutants } from './going-back-mutants.ts'
import { type Hunt, huntForSecret, huntInFleet, huntInSimulation, huntInTest } from './hunt.ts'
import { lineMutants } from './line-mutants.ts'
import { moreMutants } from './more-mutants.ts'
import { pauseMutants } from './pause-mutants.ts'
import { protocolMutants } from './protocol-mutants.ts'
import { secretMutants } from './secret-mutants.ts'

/**
 * `npm run test:mutants -- --only seq --by fleet`: every mutant whose name has that in it, hunted by the simulation, by the
 * fleet, by its test (`--by tests`), or, where it leaks a secret, by the search for secrets (`--by secrets`). Without `--by`: by each of them. Ends with 1
 * when one was not found.
 */
const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, by: { type: 'string', default: '' } },
})
const isAsked = (by: 'simulation' | 'fleet' | 'tests' | 'secrets') => values.by === '' || values.by === by
let areAllFound = true
/** A mutant that one seed alone finds is lost with the next change of what the seeds play. */
const seeds = 2

interface Planned {
  readonly by: string
  /** What the hunt ends with: 1 when something is found. */
  readonly code: number
  readonly says: RegExp
  /** How often it is to be said at the least. */
  readonly times: number
  hunt(): Promise<Hunt>
}

const all = [...protocolMutants, ...moreMutants, ...embeddedMutants, ...lineMutants, ...pauseMutants]
for (const mutant of all.filter(({ name }) => name.includes(values.only))) {
  const { inSimulation, inFleet, edits } = mutant
  const hunts: Planned[] = []
  if (isAsked('simulation')) {
    const hunt = () => huntInSimulation(mutant, { finds: seeds })
    hunts.push({ by: 'the simulation', code: 1, says: inSimulation.says, times: seeds, hunt })
  }
  if (inFleet !== undefined && isAsked('fleet')) {
    const { says, without = [] } = inFleet
    hunts.push({ by: 'the fleet', code: 1, says, times: 1, hunt: () => huntInFleet(mutant, [...edits, ...without]) })
    if (without.length > 0) {
      // What was switched off along with it is not what is found.
      const alone = { ...mutant, inFleet: { ...inFleet, seconds: 8, patience: 60 } }
      hunts.push({ by: 'nobody', code: 0, says: /"wrong": \[\]/, times: 1, hunt: () => huntInFleet(alone, without) })
    }
  }
  for (const planned of hunts) {
    const began = performance.now()
    const { code, said } = await planned.hunt()
    const findings = said.split(/^(?=seed \d+ on )/m).filter((part) => planned.says.test(part))
    const isAsPlanned = code === planned.code && findings.length >= planned.times
    areAllFound &&= isAsPlanned
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    const words = said.split('\n').find((line) => planned.says.test(line)) ?? said.slice(0, 500)
    const found = isAsPlanned ? 'found' : 'NOT FOUND'
    process.stdout.write(`${found} by ${planned.by}: ${mutant.name} (${seconds} s)\n  ${words}\n`)
  }
}

for (const mutant of [...fairMutants, ...goingBackMutants].filter(
  ({ name }) => isAsked('tests') && name.includes(values.only),
)) {
  const { code, said } = await huntInTest(mutant)
  const words = said.split('\n').find((line) => mutant.says.test(line))
  const isFound = code === 1 && words !== undefined
  areAllFound &&= isFound
  process.stdout.write(
    `${isFound ? 'found' : 'NOT FOUND'} by its test: ${mutant.name}\n  ${words ?? said.slice(-500)}\n`,
  )
}

for (const mutant of secretMutants.filter(({ name }) => isAsked('secrets') && name.includes(values.only))) {
  const { isFound, leaks } = await huntForSecret(mutant)
  areAllFound &&= isFound
  const words = leaks.map(({ secret, place, form }) => `${secret} in ${place}, ${form}`).join('; ')
  process.stdout.write(`${isFound ? 'found' : 'NOT FOUND'} by the search for secrets: ${mutant.name}\n  ${words}\n`)
}
exitWhenSaid(areAllFound ? 0 : 1)
