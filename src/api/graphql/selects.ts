import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'

/**
 * Whether the selection below the current field contains a field of this name, at any depth. Fragments count, whatever
 * their type condition.
 */
export function selects(info: GraphQLResolveInfo, name: string): boolean {
  return info.fieldNodes.some(({ selectionSet }) => within(selectionSet, name, info))
}

function within(selectionSet: SelectionSetNode | undefined, name: string, info: GraphQLResolveInfo): boolean {
  return (selectionSet?.selections ?? []).some((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      return within(info.fragments[selection.name.value]?.selectionSet, name, info)
    }
    const isIt = selection.kind === Kind.FIELD && selection.name.value === name
    return isIt || within(selection.selectionSet, name, info)
  })
}
