import type { GivenMessage, RunAgentInput } from './run-input.ts'

/** A message of the input, and its place among all of them. */
export interface Placed {
  readonly message: GivenMessage
  readonly index: number
}

/** What an input says that we can believe: everything else is history, which is ours. */
export interface News {
  /** The newest message, if it is the user's. */
  readonly user: Placed | null
  /** The results of tools that stand at the end, before the user's message if there is one. */
  readonly results: readonly Placed[]
}

export function newsOf({ messages }: Pick<RunAgentInput, 'messages'>): News {
  const placed = messages.map((message, index) => ({ message, index }))
  const newest = placed.at(-1)
  const user = newest !== undefined && isSaid(newest) ? newest : null
  const before = user === null ? placed : placed.slice(0, -1)
  const results = before.slice(before.findLastIndex(({ message }) => message.role !== 'tool') + 1)
  return { user, results }
}

/** Whatever the roles are that a client gives to what is said to the model. */
function isSaid({ message: { role } }: Placed): boolean {
  return role === 'user' || role === 'system' || role === 'developer'
}
