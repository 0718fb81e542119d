import { isInterfaceType } from 'graphql'
import { expect, test } from 'vitest'
import { typeNames } from '../../../../src/api/graphql/channel/channel-event.ts'
import { schema } from '../../../../src/api/graphql/schema.ts'

test('every kind of event has a type in the schema, and every type has a kind', () => {
  const channelEvent = schema.getType('ChannelEvent')
  const types = isInterfaceType(channelEvent) ? schema.getPossibleTypes(channelEvent).map(({ name }) => name) : []
  expect(types.toSorted()).toEqual(Object.values(typeNames).toSorted())
})
