/** The operations of this package. Their types are generated from them and from the server's schema (`npm run codegen`). */

const message = /* GraphQL */ `
  fragment WholeMessage on Message { id type text meta isComplete }
`

const call = /* GraphQL */ `
  fragment WholeCall on FunctionCall { id name arguments answer deadline }
`

const usage = /* GraphQL */ `
  fragment WholeUsage on Usage {
    inputTokens cachedInputTokens outputTokens reasoningTokens totalTokens discardedTokens iterations calls cost
  }
`

const dispatch = /* GraphQL */ `
  fragment WholeDispatch on Dispatch {
    channelId
    status
    cursor
    messages { ...WholeMessage }
    pendingCalls { ...WholeCall }
    result { text finishReason }
    error { code message }
    usage { ...WholeUsage }
  }
`

const wholeDispatch = message + call + usage + dispatch

// LimitsRaised has no field of its own to ask for.
export const channelEventsDocument = /* GraphQL */ `
  subscription ChannelEvents($channelId: ID!, $after: Cursor) {
    channelEvents(channelId: $channelId, after: $after) {
      __typename
      cursor
      at
      ... on DispatchQueued { messages { ...WholeMessage } }
      ... on TranscriptTaken { messages { ...WholeMessage } }
      ... on MessagesAdded { messages { ...WholeMessage } }
      ... on DispatchStarted { attempt model }
      ... on IterationStarted { iteration }
      ... on TextDelta { messageId position text }
      ... on ReasoningDelta { messageId position text }
      ... on MessageCompleted { message { ...WholeMessage } }
      ... on MessageDiscarded { messageId }
      ... on IterationFinished { iteration usage { ...WholeUsage } }
      ... on FunctionCallRequested { call { ...WholeCall } }
      ... on FunctionResultAwaited { call { ...WholeCall } resultChannelId }
      ... on FunctionCallCompleted { call { ...WholeCall } data }
      ... on FunctionCallFailed { call { ...WholeCall } error { code message } }
      ... on ChannelMessagePublished { payload }
      ... on AttachmentFailed { url error { code message } }
      ... on DispatchPaused { reachedLimit { kind used allowed } usage { ...WholeUsage } }
      ... on DispatchCompleted { result { text finishReason } usage { ...WholeUsage } }
      ... on DispatchFailed { error { code message } usage { ...WholeUsage } }
      ... on DispatchCancelled { reason usage { ...WholeUsage } }
    }
  }
${message}${call}${usage}`

export const snapshotDocument = /* GraphQL */ `
  query Snapshot($channelId: ID!) { dispatch(channelId: $channelId) { ...WholeDispatch } }
${wholeDispatch}`

export const dispatchDocument = /* GraphQL */ `
  mutation Dispatch($input: DispatchConversationInput!) {
    dispatchConversation(input: $input) {
      channelToken { token expiresAt }
      dispatch { ...WholeDispatch }
    }
  }
${wholeDispatch}`

export const conversationUpdatesDocument = /* GraphQL */ `
  subscription ConversationUpdates($conversationId: ID!) {
    conversationUpdates(conversationId: $conversationId) {
      messages { ...WholeMessage }
      current { ...WholeDispatch }
      dispatches(first: 10) { edges { node { channelId status error { code message } } } }
    }
  }
${wholeDispatch}`

export const answerDocument = /* GraphQL */ `
  mutation Answer($input: SubmitFunctionResultInput!) { submitFunctionResult(input: $input) { dispatch { status } } }
`

export const addMessagesDocument = /* GraphQL */ `
  mutation AddMessages($input: AddDispatchMessagesInput!) { addDispatchMessages(input: $input) { dispatch { status } } }
`

export const cancelDocument = /* GraphQL */ `
  mutation Cancel($channelId: ID!, $reason: String) {
    cancelDispatch(channelId: $channelId, reason: $reason) { dispatch { status } }
  }
`
