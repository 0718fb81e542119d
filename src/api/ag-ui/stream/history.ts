import type { ChannelEvent } from '../../../conversation/event.ts'
import { isEnding } from '../../../conversation/event-traits.ts'
import type { Message } from '../../../conversation/message.ts'

/**
 * The finished messages of a run's log, its transcript first. Those that were handed to the run stand behind what the iteration says
 * that was under way, and are not among them before.
 */
export function historyOf(events: Iterable<ChannelEvent>): readonly Message[] {
  let messages: Message[] = []
  let unheard: readonly Message[] = []
  const hear = () => {
    messages.push(...unheard)
    unheard = []
  }
  for (const event of events) {
    if (event.type === 'dispatch-queued') messages = [...event.messages]
    else if (event.type === 'transcript-taken') messages = [...event.messages, ...messages]
    else if (event.type === 'messages-added') unheard = [...unheard, ...event.messages]
    else if (event.type === 'iteration-started' || isEnding(event)) hear()
    else if (event.type === 'message-completed') messages.push(event.message)
  }
  return messages
}
