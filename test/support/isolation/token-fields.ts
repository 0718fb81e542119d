import { type GraphQLOutputType, type GraphQLSchema, getNamedType, isInterfaceType, isObjectType } from 'graphql'

/**
 * What the holder of a token, of a channel or of a conversation, gets of a field: its value; null; a list without what end users may not see; or, of a message
 * that is an attachment's context, only that there is one.
 */
export type TokenSight = 'shown' | 'null' | 'left out' | 'attachment only'

/** All fields behind the root fields that tokens open, with a reason where they are not simply shown. */
export const tokenFields: Readonly<Record<string, TokenSight>> = {
  ...shown('Query', 'dispatch channelHistory conversation'),
  ...shown('Mutation', 'submitFunctionResult cancelDispatch publishChannelMessage dispatchConversation'),
  ...shown('Subscription', 'channelEvents dispatchUpdates conversationUpdates'),
  ...shown('SubmitFunctionResultPayload', 'dispatch'),
  ...shown('CancelDispatchPayload', 'dispatch'),
  ...shown('PublishChannelMessagePayload', 'channelId'),
  ...shown('DispatchConversationPayload', 'channelId dispatch'),
  // A dispatch that asks for one is refused.
  'DispatchConversationPayload.channelToken': 'null',
  ...shown('Dispatch', 'id channelId status cursor attempts model pendingCalls result error usage reachedLimit'),
  ...shown('Dispatch', 'conversationId priority createdAt startedAt finishedAt'),
  ...shown('Conversation', 'id dispatches current createdAt updatedAt'),
  ...shown('DispatchConnection', 'edges pageInfo'),
  ...shown('DispatchEdge', 'cursor node'),
  ...shown('PageInfo', 'hasNextPage hasPreviousPage startCursor endCursor'),
  // Backstories, instructions and context.
  'Dispatch.messages': 'left out',
  'Conversation.messages': 'left out',

  // The account's own: who the model is, and what is known of the person.
  'Dispatch.bot': 'null',
  'Dispatch.contact': 'null',
  'Conversation.contact': 'null',
  'Dispatch.meta': 'null',
  ...shown('Message', 'id type isComplete'),
  'Message.text': 'attachment only',
  'Message.meta': 'attachment only',
  ...shown('FunctionCall', 'id name arguments answer deadline'),
  ...shown('DispatchResult', 'text finishReason'),
  ...shown('DispatchError', 'code message'),
  ...shown(
    'Usage',
    'inputTokens cachedInputTokens outputTokens reasoningTokens totalTokens discardedTokens iterations calls cost',
  ),
  ...shown('ChannelHistory', 'endCursor hasMore'),
  // A message that is nothing to end users is not told as an event either.
  'ChannelHistory.events': 'left out',
  'DispatchQueued.messages': 'left out',
  'TranscriptTaken.messages': 'left out',
  'MessagesAdded.messages': 'left out',
  ...event('DispatchQueued'),
  ...event('TranscriptTaken'),
  ...event('MessagesAdded'),
  ...event('DispatchStarted', 'attempt model'),
  ...event('DispatchCompleted', 'result usage'),
  ...event('DispatchPaused', 'reachedLimit usage'),
  ...event('LimitsRaised'),
  ...shown('ReachedLimit', 'kind used allowed'),
  ...event('DispatchFailed', 'error usage'),
  ...event('DispatchCancelled', 'reason usage'),
  ...event('IterationStarted', 'iteration'),
  ...event('IterationFinished', 'iteration usage'),
  ...event('TextDelta', 'messageId position text'),
  ...event('ReasoningDelta', 'messageId position text'),
  ...event('MessageCompleted', 'message'),
  ...event('MessageDiscarded', 'messageId'),
  ...event('FunctionCallRequested', 'call'),
  ...event('FunctionResultAwaited', 'call resultChannelId'),
  ...event('FunctionCallCompleted', 'call data'),
  ...event('FunctionCallFailed', 'call error'),
  ...event('ChannelMessagePublished', 'payload'),
  ...event('AttachmentFailed', 'url error'),
}

function shown(type: string, fields: string): Readonly<Record<string, TokenSight>> {
  return Object.fromEntries(fields.split(' ').map((field) => [`${type}.${field}`, 'shown']))
}

function event(type: string, fields = ''): Readonly<Record<string, TokenSight>> {
  return shown(type, `at channelId cursor ${fields}`.trim())
}

/** Every field behind these root fields, as the schema has them; behind one that is null there is nothing. */
export function fieldsBehind(schema: GraphQLSchema, roots: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>(roots)
  const visit = (output: GraphQLOutputType): void => {
    for (const type of objectsOf(schema, output)) {
      for (const field of Object.values(type.getFields())) {
        const name = `${type.name}.${field.name}`
        if (found.has(name)) continue
        found.add(name)
        if (tokenFields[name] !== 'null') visit(field.type)
      }
    }
  }
  for (const root of roots) {
    const [type = '', field = ''] = root.split('.')
    const parent = schema.getType(type)
    const rooted = isObjectType(parent) ? parent.getFields()[field] : undefined
    if (rooted === undefined) throw new Error(`There is no ${root}.`)
    visit(rooted.type)
  }
  return found
}

/** Everything behind a type as a selection; each field under its own name with its type's before it: `Message_text`. */
export function wholeSelection(schema: GraphQLSchema, output: GraphQLOutputType): string {
  const objects = objectsOf(schema, output)
  if (objects.length === 0) return ''
  const parts = objects.map((type) => {
    const fields = Object.values(type.getFields()).map((field) => {
      const isNull = tokenFields[`${type.name}.${field.name}`] === 'null'
      const inner =
        isNull && objectsOf(schema, field.type).length > 0 ? '{ __typename }' : wholeSelection(schema, field.type)
      // A page of the default length would be too complex.
      const page = field.args.some(({ name }) => name === 'first') ? '(first: 2)' : ''
      return `${type.name}_${field.name}: ${field.name}${page} ${inner}`
    })
    return `... on ${type.name} { ${fields.join(' ')} }`
  })
  return `{ ${parts.join(' ')} }`
}

function objectsOf(schema: GraphQLSchema, output: GraphQLOutputType) {
  const named = getNamedType(output)
  if (isInterfaceType(named)) return schema.getPossibleTypes(named)
  return isObjectType(named) ? [named] : []
}
