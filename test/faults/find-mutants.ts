import { moreMutants } from './more-mutants.ts'
import { protocolMutants } from './mutants.ts'
import { runMutant } from './run-mutant.ts'

/** Every mutant there is, one after the other; whether all were found. */
export async function findMutants(said: (line: string) => void): Promise<boolean> {
  let areAllFound = true
  for (const mutant of [...protocolMutants, ...moreMutants]) {
    const began = performance.now()
    const { code, said: words } = await runMutant(mutant)
    const isFound = code === 1 && mutant.says.test(words)
    areAllFound &&= isFound
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    said(
      `${isFound ? 'found' : 'NOT FOUND'}: ${mutant.name} (${seconds} s)\n  ${words.split('\n').slice(0, 2).join(' ')}`,
    )
  }
  return areAllFound
}
