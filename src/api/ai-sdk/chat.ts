import type { Principal } from '../../access/principal.ts'
import { Failure } from '../../kernel/errors.ts'
import { type ConversationId, type ConversationKey, parseChannelId, parseConversationId } from '../../kernel/ids.ts'
import { openChannel, requireConversation } from '../facade/caller.ts'
import type { Services } from '../services.ts'
import { messageIdOf, newestAnswer } from './answer.ts'
import type { ChatBody } from './chat-body.ts'
import { sayNewest } from './say.ts'
import { type ChunkStream, parseRunId } from './stream.ts'
import { givenResults, giveResults } from './tool-results.ts'

/** What useChat asks for: the stream that answers a request of it. */
export interface Chat {
  /** Says what is newest in the request, and returns the stream that answers it. */
  send(principal: Principal, body: ChatBody): Promise<ChunkStream>
  /** The stream of the newest answer from its beginning, or the one of this run id. Null: nothing was ever said. */
  resume(principal: Principal, id: string, startIndex: number | null): Promise<ChunkStream | null>
  /** Cancels what has not ended. */
  stop(principal: Principal, id: string): Promise<void>
}

export function createChat(services: Services): Chat {
  return {
    async send(principal, body) {
      requireConversation(principal, body.id, 'dispatch')
      const conversation = conversationIn(body.id)
      const startIndex = body.startIndex ?? null
      const saying = { principal, conversation, body }
      if (body.messages.role !== 'assistant' || body.trigger === 'regenerate-message') {
        const { key } = await sayNewest(services, saying)
        return { messageId: messageIdOf(key.channel), keys: [key], after: 0, hasCalls: false, startIndex }
      }
      const given = givenResults(body.messages)
      const answer = await newestAnswer(services, { account: principal.account, conversation })
      if (answer === null)
        throw new Failure('CONFLICT', 'The conversation has no answer that these results could belong to.')
      const { key, after } = await giveResults(services, saying, { answer, given })
      return { messageId: answer.messageId, keys: [key], after, hasCalls: true, startIndex }
    },

    async resume(principal, id, startIndex) {
      const named = parseRunId(id)
      const channel = named === null ? null : parseChannelId(named.channel)
      if (named !== null && channel !== null) {
        const key = await openChannel(principal, channel, { permission: 'read', services })
        const [run] = await services.runs.find([key])
        if (run == null) throw new Failure('NOT_FOUND', 'There is no run by that id.')
        return { messageId: named.messageId, keys: [key], after: named.after, hasCalls: true, startIndex }
      }
      const answer = await newestAnswer(services, keyOf(principal, id))
      if (answer === null) return null
      const [first, ...others] = answer.runs
      const keys = [first.key, ...others.map(({ key }) => key)] as const
      return { messageId: answer.messageId, keys, after: 0, hasCalls: false, startIndex }
    },

    async stop(principal, id) {
      requireConversation(principal, id, 'cancel')
      const [line] = await services.lines.find([keyOf(principal, id)])
      // From the end, so that none begins because the one before it has ended.
      for (const { channel } of line?.places.toReversed() ?? []) {
        await services.cancelDispatch({ account: principal.account, channel }, null)
      }
    },
  }
}

function keyOf(principal: Principal, id: string): ConversationKey {
  requireConversation(principal, id, 'read')
  return { account: principal.account, conversation: conversationIn(id) }
}

function conversationIn(id: string): ConversationId {
  const conversation = parseConversationId(id)
  if (conversation !== null) return conversation
  throw new Failure('NOT_FOUND', 'There can be no such chat: its id has 16 to 128 of A-Z a-z 0-9 _ -.')
}
