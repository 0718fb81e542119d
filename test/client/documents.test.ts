import { type GraphQLObjectType, isInterfaceType, Kind, parse } from 'graphql'
import { expect, test } from 'vitest'
import { channelEventsDocument } from '../../client/src/documents.ts'
import { schema } from '../../src/api/graphql/schema.ts'

test('the client asks for every field of every event that the schema has, but for the channel that it has named', () => {
  const operation = parse(channelEventsDocument).definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)
  const [events] = operation?.selectionSet.selections ?? []
  const selected = events?.kind === Kind.FIELD ? (events.selectionSet?.selections ?? []) : []
  const common = selected.flatMap((each) => (each.kind === Kind.FIELD ? each.name.value : []))
  expect(common).toEqual(['__typename', 'cursor', 'at'])
  const asked = selected.flatMap((each) => {
    if (each.kind !== Kind.INLINE_FRAGMENT) return []
    const fields = each.selectionSet.selections.flatMap((field) => (field.kind === Kind.FIELD ? field.name.value : []))
    return [[each.typeCondition?.name.value ?? '', fields.toSorted()] as const]
  })
  const kind = schema.getType('ChannelEvent')
  const types: readonly GraphQLObjectType[] = isInterfaceType(kind) ? schema.getPossibleTypes(kind) : []
  // One that has no field of its own has nothing to ask for.
  const there = types.flatMap((type) => {
    const own = Object.keys(type.getFields()).filter((field) => !['cursor', 'at', 'channelId'].includes(field))
    return own.length === 0 ? [] : [[type.name, own.toSorted()] as const]
  })
  expect(there.length).toBeGreaterThan(15)
  expect(Object.fromEntries(asked)).toEqual(Object.fromEntries(there))
})
