import { InvalidArgumentError } from '@ai-sdk/provider'

/** What the demo model may still do for the calls of one answer: their functions' schemas can ask for anything. */
export interface DemoEffort {
  /** Parts of schemas to look at. One takes less than half a microsecond. */
  steps: number
  /** Characters of arguments to make. */
  characters: number
}

export const mostEffort: Readonly<DemoEffort> = { steps: 100_000, characters: 100_000 }

/** Looking for a name in a message takes as long as this many steps. */
export const stepsOfName = 50

/** Throws when there is not so much left: the provider's words for a request that it cannot serve. */
export function spend(effort: DemoEffort, what: keyof DemoEffort, amount: number): void {
  effort[what] -= amount
  if (effort[what] >= 0) return
  const message =
    what === 'steps'
      ? 'The parameters of the functions are too complicated for the demo model.'
      : `The parameters of the functions ask for more than the ${mostEffort.characters} characters that the demo model makes for one answer.`
  throw new InvalidArgumentError({ argument: 'tools', message })
}
