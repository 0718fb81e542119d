import { graphiqlCallTabs } from './graphiql-call-tabs.ts'
import { graphiqlChatTabs } from './graphiql-chat-tabs.ts'
import { type GraphiqlTab, graphiqlTab } from './graphiql-tab.ts'

/** The editor shows 44 columns of a comment in a window 1280 pixels wide. */
const dispatch = `# 1. Press play. The channel's id comes back
#    at once; the run goes on in the
#    background. Pressing again starts
#    nothing new: same id and input are one
#    run.
mutation Dispatch($channelId: ID!, $text: String!) {
  dispatchConversation(
    input: {
      channelId: $channelId
      messages: [{ type: USER, text: $text }]
    }
  ) {
    channelId
    dispatch {
      status
    }
  }
}
`

const watch = `# 2. Press play: what you missed comes
#    first, then the answer grows as it is
#    written. Leaving this tab or reloading
#    loses nothing: press play again.
#
#    You may also watch before you dispatch.
#    GraphiQL stops a subscription when you
#    leave its tab, so duplicate the browser
#    tab for that: the copy keeps the
#    channel and can dispatch to it.
subscription Watch($channelId: ID!) {
  dispatchUpdates(channelId: $channelId) {
    status
    messages {
      id
      type
      text
      isComplete
    }
    result {
      text
      finishReason
    }
    error {
      code
      message
    }
  }
}
`

const snapshot = `# 3. The dispatch as it is now. \`cursor\` is
#    its position in the channel's log: try
#    it in the next tab.
query Snapshot($channelId: ID!) {
  dispatch(channelId: $channelId) {
    status
    cursor
    attempts
    model
    messages {
      id
      type
      text
      isComplete
    }
    result {
      text
      finishReason
    }
    error {
      code
      message
    }
    usage {
      inputTokens
      outputTokens
      totalTokens
      iterations
      calls
    }
    createdAt
    startedAt
    finishedAt
  }
}
`

const resume = `# 4. The log, event by event: all of it, or
#    all after the cursor that you paste as
#    \`after\` (from Snapshot or any event).
#    Nothing comes twice, nothing is left
#    out. GraphiQL shows the newest event
#    only.
subscription Resume($channelId: ID!, $after: Cursor) {
  channelEvents(channelId: $channelId, after: $after) {
    __typename
    cursor
    at
    ... on DispatchQueued {
      messages {
        id
        type
        text
      }
    }
    ... on DispatchStarted {
      attempt
      model
    }
    ... on IterationStarted {
      iteration
    }
    ... on TextDelta {
      messageId
      position
      text
    }
    ... on ReasoningDelta {
      messageId
      position
      text
    }
    ... on MessageCompleted {
      message {
        id
        type
        text
        isComplete
      }
    }
    ... on MessageDiscarded {
      messageId
    }
    ... on IterationFinished {
      iteration
      usage {
        totalTokens
      }
    }
    ... on DispatchCompleted {
      result {
        text
        finishReason
      }
      usage {
        totalTokens
        iterations
      }
    }
    ... on DispatchFailed {
      error {
        code
        message
      }
    }
    ... on DispatchCancelled {
      reason
    }
  }
}
`

/**
 * Four tabs on one channel, in the order in which a newcomer runs them: Dispatch, Watch, Snapshot, Resume. Then three
 * tabs on another channel for a call that a person answers: DispatchCall, WatchCall, AnswerCall. Then four on a
 * conversation: Chat, WatchChat, Regenerate, Interrupt. Dispatch comes first because GraphiQL ends a running subscription when the user leaves its tab (`changeTab` calls `stop`): a Watch started
 * earlier would end when the user goes to Dispatch.
 */
export function graphiqlTabs(channelId: string): readonly GraphiqlTab[] {
  return [
    graphiqlTab(dispatch, { channelId, text: 'What is a backchannel?' }),
    graphiqlTab(watch, { channelId }),
    graphiqlTab(snapshot, { channelId }),
    graphiqlTab(resume, { channelId, after: null }),
    ...graphiqlCallTabs(`${channelId}-call`),
    ...graphiqlChatTabs(`${channelId}-chat`),
  ]
}
