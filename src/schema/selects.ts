import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'

/** Whether a field of that name is asked for anywhere below the field being resolved. Fragments count whatever type they are on. */
export function selects(info: GraphQLResolveInfo, name: string): boolean {
  return info.fieldNodes.some(({ selectionSet }) => within(selectionSet, name, info))
}

function within(selectionSet: SelectionSetNode | undefined, name: string, info: GraphQLResolveInfo): boolean {
  return (selectionSet?.selections ?? []).some((selection) => {
    switch (selection.kind) {
      case Kind.FIELD:
        return selection.name.value === name || within(selection.selectionSet, name, info)
      case Kind.INLINE_FRAGMENT:
        return within(selection.selectionSet, name, info)
      case Kind.FRAGMENT_SPREAD:
        return within(info.fragments[selection.name.value]?.selectionSet, name, info)
    }
  })
}
