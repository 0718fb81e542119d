import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'

/** Whether a field of that name is asked for anywhere below the field being resolved. Fragments count whatever type they are on. */
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
