import { applyEvent, type ChannelEvent, emptyConversation } from './reducer.ts'

/** Writes the answer as it grows, even if events are replayed, and at the end how the run ended. */
export function createAnswerPrinter(write: (text: string) => void) {
  let conversation = emptyConversation
  let printed = ''

  return {
    onEvent(event: ChannelEvent): void {
      conversation = applyEvent(conversation, event)
      const answer = conversation.messages.findLast(({ type }) => type === 'BOT')?.text ?? ''
      if (!answer.startsWith(printed)) {
        // Another message begins, or one was discarded.
        write('\n')
        printed = ''
      }
      write(answer.slice(printed.length))
      printed = answer
    },
    finish(): void {
      write(`\n[${conversation.status}]\n`)
    },
  }
}
