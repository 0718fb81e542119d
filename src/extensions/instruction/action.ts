/** The actions that abilities support. */
const actionNames = ['fetch', 'text', 'echo', 'search', 'time'] as const

export type ActionName = (typeof actionNames)[number]

export function isActionName(name: string): name is ActionName {
  return actionNames.some((each) => each === name)
}

/** The message for an unknown action. */
export function unknownAction(name: string): string {
  return `There is no action "${name}" here: an ability can ${actionNames.slice(0, -1).join(', ')} or ${actionNames.at(-1)}.`
}
