import { type GraphiqlTab, graphiqlTab } from './graphiql-tab.ts'

const dispatch = `# A call that people answer, 1 of 3. Press play: the demo
#    model calls the function that the message names. Its
#    answer is awaited, so the run parks: it may rest for a
#    week, holding no worker, and survives restarts.
mutation DispatchCall($channelId: ID!, $text: String!) {
  dispatchConversation(
    input: {
      channelId: $channelId
      messages: [{ type: USER, text: $text }]
      functions: [
        {
          name: "ask_human"
          description: "Asks a person, who may take a while."
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

const watch = `# 2 of 3. Press play: FunctionResultAwaited is the last
#    event for now. Copy the call's id ("call_..."), for the
#    next tab wants it. When you have answered, come back
#    and press play again: the run has gone on.
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

const answer = `# 3 of 3. Paste the call's id as \`callId\` below, and press
#    play. Any JSON can be the answer, or an \`error\` instead
#    of \`data\`. The same answer again changes nothing,
#    another one is refused. The ids of all calls that wait
#    stand in \`dispatch(channelId: ...) { pendingCalls }\`, too.
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

/** Three tabs on one channel: a run asks a person, is watched until it waits, and gets its answer. */
export function graphiqlCallTabs(channelId: string): readonly GraphiqlTab[] {
  return [
    graphiqlTab(dispatch, { channelId, text: 'Please ask_human "May we refund 20 euros?"' }),
    graphiqlTab(watch, { channelId }),
    graphiqlTab(answer, { channelId, callId: 'call_...', data: { approved: true } }),
  ]
}
