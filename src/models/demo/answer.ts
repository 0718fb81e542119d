import { continuationNotice } from '../../conversation/prompt/prompt.ts'
import type { DemoMessage } from './model-prompt.ts'
import { demoProse } from './prose.ts'
import { demoRecords } from './records.ts'

export interface DemoAnswer {
  readonly isContinued: boolean
  /** What is left to say. Each word includes the space before it, so that a text that is cut anywhere can be joined again. */
  readonly words: Iterable<string>
}

/**
 * Answers a prompt, or continues an answer that has begun: the assistant's messages at the end of the prompt, joined. A
 * conversation may itself end with messages of the assistant, so not all of them need belong to the answer. It begins at the
 * first message from which on they are the beginning of what the demo model would say.
 */
export function demoAnswer(prompt: readonly DemoMessage[], length: number | undefined): DemoAnswer {
  const last = prompt.at(-1)
  const isNoticed = last?.role === 'user' && last.text === continuationNotice
  const messages = isNoticed ? prompt.slice(0, -1) : prompt
  const asked = messages.findLastIndex(({ role }) => role === 'user')
  const lastMessage = messages[asked]?.text ?? ''
  const results = messages.slice(asked + 1).flatMap((message) => message.results)
  const records = demoRecords(
    lastMessage,
    messages.flatMap(({ role, text }) => (role === 'system' ? [text] : [])),
  )
  const wholeAnswer = (messageCount: number) => demoProse({ lastMessage, messageCount, results, records, length })

  const firstSaid = messages.findLastIndex(({ role }) => role !== 'assistant') + 1
  let messageCount = messages.slice(0, firstSaid).filter(isOfConversation).length
  let said = messages.slice(firstSaid).reduce((texts, { text }) => texts + text, '')
  for (const { text } of messages.slice(firstSaid)) {
    const words = wordsBehind(said, wholeAnswer(messageCount))
    if (words) return { isContinued: true, words }
    said = said.slice(text.length)
    messageCount += 1
  }
  return { isContinued: isNoticed, words: wholeAnswer(messageCount) }
}

function isOfConversation({ role }: DemoMessage): boolean {
  return role === 'user' || role === 'assistant'
}

/** The words after what was said. Undefined when the words do not begin with it, or when nothing is left. */
function wordsBehind(said: string, words: Generator<string>): Iterable<string> | undefined {
  let position = 0
  for (let next = words.next(); !next.done; next = words.next()) {
    const word = next.value
    const saidOfWord = said.slice(position, position + word.length)
    if (!word.startsWith(saidOfWord)) return undefined
    position += word.length
    if (position > said.length) return prepend(word.slice(saidOfWord.length), words)
  }
  return undefined
}

function* prepend(word: string, words: Iterable<string>): Generator<string> {
  yield word
  yield* words
}
