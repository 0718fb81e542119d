import type { ChannelId, ConversationId } from '../../../kernel/ids.ts'
import { contentMeta, readContent } from '../content.ts'
import { agentOf } from './agent.ts'
import type { Placed } from './news.ts'
import type { RunAgentInput } from './run-input.ts'
import { functionsOf } from './tools.ts'

export interface AskedRun {
  readonly input: RunAgentInput
  /** Who answers, as the path says it. */
  readonly agent: string
  readonly timezone: string | null
  readonly conversation: ConversationId
  readonly channel: ChannelId
}

/** What a dispatch begins with: results as messages, then the user's message. */
export interface Said {
  readonly results: readonly object[]
  readonly user: Placed | null
}

/** The dispatch that an AG-UI run begins, as the use case reads it. */
export function dispatchOf({ input, agent, timezone, conversation, channel }: AskedRun, said: Said): object {
  const user = said.user === null ? null : userMessage(said.user)
  const backstory = contextOf(input.context ?? [])
  return {
    ...agentOf(agent),
    messages: [...said.results, ...(user === null ? [] : [user.message])],
    attachments: user?.urls.map((url) => ({ url })) ?? [],
    conversationId: conversation,
    channelId: channel,
    functions: functionsOf(input.tools ?? []),
    ...(backstory !== null && { extensions: { backstory } }),
    timezone,
  }
}

/** Answers the user's message anew that the conversation has; what followed it is left out from now on. */
export function regenerationOf(run: AskedRun, messageId: string): object {
  return { ...dispatchOf(run, { results: [], user: null }), continuesUpTo: messageId }
}

export function userMessage({ message: { id, role, content }, index }: Placed) {
  const read = readContent(content, ['messages', index, 'content'])
  const meta = contentMeta(read)
  const message = {
    id: id ?? null,
    type: role === 'user' ? ('user' as const) : ('instruction' as const),
    text: read.text,
    meta,
  }
  return { message, urls: read.urls }
}

/** What the application says of itself, for the system message. */
function contextOf(context: NonNullable<RunAgentInput['context']>): string | null {
  if (context.length === 0) return null
  const lines = context.map(({ description, value }) => `- ${description}: ${value}`)
  return ['The application in which this conversation takes place says:', ...lines].join('\n')
}
