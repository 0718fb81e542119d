import { stringifyJson } from '../kernel/json.ts'
import type { EarlierTurn } from './event.ts'
import type { State } from './fold.ts'

/** Characters, as JSON, of all the turns that a dispatch takes over from those it continues; the latest are kept. */
const mostCharacters = 1_000_000

/** What a dispatch hands on to one that continues it: the turns it took over, and its own. */
export function transcriptTurns({ earlier, turns, model }: State): readonly EarlierTurn[] {
  const provider = providerOf(model ?? '')
  const own = turns.flatMap(({ parts, calls }): readonly EarlierTurn[] => {
    if (parts === undefined) return []
    const ids = calls.map(({ call, providerCallId }) => [call.id, providerCallId] as const)
    return [{ provider, parts, providerCallIds: Object.fromEntries(ids) }]
  })
  let room = mostCharacters
  return [...earlier, ...own]
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
