import { type GraphiqlTab, graphiqlTab } from './graphiql-tab.ts'

const chat = `# A conversation, 1 of 4. Press play, then
#    look at the next tab. To say more,
#    change \`id\` and \`text\`: each dispatch
#    begins with what was said before, and
#    they run one at a time.
mutation Chat(
  $conversationId: ID!
  $id: ID!
  $text: String!
) {
  dispatchConversation(
    input: {
      conversationId: $conversationId
      messages: [
        { id: $id, type: USER, text: $text }
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

const watch = `# 2 of 4. Press play: what was said, and
#    which dispatch is at work. Its channel
#    has the words as they come: Watch, with
#    that \`channelId\`, shows them.
subscription WatchChat($conversationId: ID!) {
  conversationUpdates(
    conversationId: $conversationId
  ) {
    current {
      channelId
      status
    }
    messages {
      id
      type
      text
    }
  }
}
`

const regenerate = `# 3 of 4. Another answer to the question
#    with this id. What came after it leaves
#    the transcript; its dispatches can
#    still be read.
mutation Regenerate(
  $conversationId: ID!
  $questionId: ID!
) {
  dispatchConversation(
    input: {
      conversationId: $conversationId
      continuesUpTo: $questionId
      messages: []
    }
  ) {
    channelId
  }
}
`

const interrupt = `# 4 of 4. While an answer is being written:
#    it ends, stays as far as it came, and
#    this is answered. ROLLBACK would take
#    its question back as well.
mutation Interrupt(
  $conversationId: ID!
  $id: ID!
  $text: String!
) {
  dispatchConversation(
    input: {
      conversationId: $conversationId
      whenBusy: INTERRUPT
      messages: [
        { id: $id, type: USER, text: $text }
      ]
    }
  ) {
    channelId
  }
}
`

/** Four tabs on one conversation: say something, look at it, have it answered again, interrupt the answer. */
export function graphiqlChatTabs(conversationId: string): readonly GraphiqlTab[] {
  return [
    graphiqlTab(chat, { conversationId, id: 'question-1', text: 'What is a conversation?' }),
    graphiqlTab(watch, { conversationId }),
    graphiqlTab(regenerate, { conversationId, questionId: 'question-1' }),
    graphiqlTab(interrupt, { conversationId, id: 'question-2', text: 'In one sentence, please.' }),
  ]
}
