import { type GraphiqlTab, graphiqlTab } from './graphiql-tab.ts'

const dispatch = `# A call for a person, 1 of 3. Press play:
#    the demo model calls the function that
#    the message names. The run parks until
#    somebody answers, for a week at most.
#    It holds no worker; with Redis it
#    survives restarts.
mutation DispatchCall($channelId: ID!, $text: String!) {
  dispatchConversation(
    input: {
      channelId: $channelId
      messages: [{ type: USER, text: $text }]
      functions: [
        {
          name: "ask_human"
          description: "Asks a person."
          parameters: {
            type: "object"
            properties: { question: { type: "string" } }
            required: ["question"]
          }
          result: { await: true }
        }
      ]
    }
  ) {
    channelId
    dispatch {
      status
    }
  }
}
`

const watch = `# 2 of 3. Press play: FunctionResultAwaited
#    is the last event for now. Copy its
#    call's id, "call_...", for the next
#    tab. After the answer, come back and
#    press play again: the run has
#    continued.
subscription WatchCall($channelId: ID!) {
  channelEvents(channelId: $channelId) {
    __typename
    ... on FunctionResultAwaited {
      call {
        id
        name
        arguments
        deadline
      }
    }
    ... on FunctionCallCompleted {
      call {
        name
      }
      data
    }
    ... on FunctionCallFailed {
      call {
        name
      }
      error {
        code
        message
      }
    }
    ... on TextDelta {
      text
    }
    ... on DispatchCompleted {
      result {
        text
        finishReason
      }
    }
  }
}
`

const answer = `# 3 of 3. Paste the call's id as \`callId\`
#    below (double click), and press play.
#    Any JSON is an answer; or give \`error\`
#    instead of \`data\`. The same answer
#    again changes nothing; a different one
#    is refused. Ids of waiting calls are
#    also in \`pendingCalls\`.
mutation AnswerCall(
  $channelId: ID!
  $callId: ID!
  $data: JSON
) {
  submitFunctionResult(
    input: {
      channelId: $channelId
      callId: $callId
      data: $data
    }
  ) {
    dispatch {
      status
      pendingCalls {
        id
      }
    }
  }
}
`

/** Three tabs on one channel: a run asks a person, the user watches until it waits, then answers. */
export function graphiqlCallTabs(channelId: string): readonly GraphiqlTab[] {
  return [
    graphiqlTab(dispatch, { channelId, text: 'Please ask_human “May we refund 20 euros?”' }),
    graphiqlTab(watch, { channelId }),
    graphiqlTab(answer, { channelId, callId: 'PASTE_THE_ID_HERE', data: 'Yes, go ahead.' }),
  ]
}
