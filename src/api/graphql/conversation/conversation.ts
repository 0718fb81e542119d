import { seesAccount } from '../../../access/permission.ts'
import { endUserMessages } from '../../../conversation/end-user-view.ts'
import type { Line } from '../../../dispatch/line/line.ts'
import { conversationMessages, currentRun, findLine } from '../../../dispatch/line/read-conversation.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { builder } from '../builder.ts'
import { Message } from '../channel/message.ts'
import { Dispatch, loadDispatch, readsLog } from '../dispatch/dispatch.ts'
import { DispatchConnection, dispatchPage } from '../dispatch/dispatch-page.ts'
import { boundedArgument, conversationIdArgument } from '../failure.ts'
import { Contact } from '../resource/contact.ts'
import { pageComplexity } from '../resource/resource.ts'

/** What `Conversation` resolves from. */
export interface ConversationState {
  readonly line: Line
  /** As it was when the line was; absent: it is still to be read. */
  readonly current?: Snapshot | null
}

const lastMessages = [0, 10_000] as const

export const Conversation = builder.objectRef<ConversationState>('Conversation').implement({
  description:
    'A line of dispatches that share a transcript. It comes to be with its first dispatch, and is kept until RECORD_RETENTION_SECONDS after the ending of its last one.',
  fields: (t) => ({
    id: t.id({ description: 'The id that its dispatches name.', resolve: ({ line }) => line.key.conversation }),
    contact: t.field({
      type: Contact,
      nullable: true,
      description:
        'The contact of its newest dispatch that has one, as stored now. Null when there is none, when the contact has been deleted, and for a token.',
      resolve: ({ line }, _args, { services, principal }) =>
        line.contactId === null || !seesAccount(principal)
          ? null
          : services.resources.contacts.find(principal.account, line.contactId),
    }),
    messages: t.field({
      type: [Message],
      description:
        'The transcript, oldest first: what the dispatches that have ended have said, with their input, and what the current one says now. The messages of dispatches whose turn has not come are not in it yet.',
      args: {
        last: t.arg.int({ description: 'Only so many of the newest messages, 0 to 10,000. Default: all.' }),
      },
      resolve: async ({ line }, { last }, { services, reads, principal }) => {
        const most = last == null ? null : boundedArgument(last, 'last', lastMessages)
        const all = await reads.once(`transcript ${line.key.conversation}`, () => conversationMessages(services, line))
        const visible = seesAccount(principal) ? all : endUserMessages(all)
        return most === null ? [...visible] : most === 0 ? [] : visible.slice(-most)
      },
    }),
    dispatches: t.field({
      type: DispatchConnection,
      description: 'Its newest 100,000 dispatches, newest first.',
      complexity: pageComplexity,
      args: {
        first: t.arg.int({ description: 'The size of the page, 1 to 100. Default: 20.' }),
        after: t.arg.string({ description: 'Continue after the edge with this cursor. Default: from the beginning.' }),
      },
      resolve: ({ line }, range, context, info) =>
        dispatchPage(context, { of: line.key, range, isWanted: () => true }, info),
    }),
    current: t.field({
      type: Dispatch,
      nullable: true,
      description:
        'The dispatch that has started and not ended, else the next that is queued; null when the conversation is idle.',
      resolve: async ({ line, current }, _args, context, info) => {
        if (current !== undefined) return current
        const run = await currentRun(context.services, line)
        if (run === null) return null
        return readsLog(info) ? loadDispatch(context, run.key, true) : runSnapshot(run)
      },
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When its first dispatch was accepted.',
      resolve: ({ line }) => new Date(line.createdAt),
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When a dispatch was last accepted, or last ended.',
      resolve: ({ line }) => new Date(line.updatedAt),
    }),
  }),
})

builder.queryField('conversation', (t) =>
  t.field({
    type: Conversation,
    nullable: true,
    description: "The conversation with this id; null when the caller's account has none.",
    args: { id: t.arg.id({ required: true, description: 'The id that its dispatches name.' }) },
    resolve: async (_root, { id }, { services, principal }) => {
      const line = await findLine(services, {
        account: principal.account,
        conversation: conversationIdArgument(id, ['id']),
      })
      return line === null ? null : { line }
    },
  }),
)
