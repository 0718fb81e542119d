import { stringifyJson } from '../kernel/json.ts'
import type { EarlierTurn } from './event.ts'
import type { State } from './fold.ts'

/** Characters, as JSON, of all the turns that a dispatch takes over from those it continues; the latest are kept. */
const mostCharacters = 1_000_000

/** What a dispatch hands on to one that continues it: the turns it took over, and its own. */
export function transcriptTurns(state: State): readonly EarlierTurn[] {
  return latestTurns([...state.earlier, ...ownTurns(state)])
}

/** The turns of which a provider wants more back than messages and calls. */
export function ownTurns({ turns, model }: Pick<State, 'turns' | 'model'>): readonly EarlierTurn[] {
  const provider = providerOf(model ?? '')
  return turns.flatMap(({ parts, calls }): readonly EarlierTurn[] => {
    if (parts === undefined) return []
    const ids = calls.map(({ call, providerCallId }) => [call.id, providerCallId] as const)
    return [{ provider, parts, providerCallIds: Object.fromEntries(ids) }]
  })
}

/** The latest that have room together. Taking them of some, and of those and later ones, is taking them of all at once. */
export function latestTurns(turns: readonly EarlierTurn[]): readonly EarlierTurn[] {
  let room = mostCharacters
  return turns
    .toReversed()
    .filter((turn) => {
      room -= stringifyJson(turn).length
      return room >= 0
    })
    .toReversed()
}

/** The provider in a model's canonical name. */
export function providerOf(model: string): string {
  return model.split(':')[0] ?? ''
}
