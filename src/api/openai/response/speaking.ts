import type { Delta } from '../../../conversation/event.ts'
import type { Message } from '../../../conversation/message.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { itemId as idOfItem } from './item-id.ts'
import type { Output } from './output.ts'
import { type SpokenType, spokenItem, spokenPrefix, spokenType, summaryPart, textPart } from './output-item.ts'
import { lastChunkEnd } from './text-chunk.ts'

/** The messages that are being said, told in whole chunks, one or several at once. */
export interface Speaking {
  grow(type: SpokenType, delta: Delta): void
  /** Tells the rest of the message and ends its item. Does nothing for a message that is no output. */
  complete(message: Message): void
  /** Tells what is there of a message that has no end, and ends its item as incomplete. Its output index; null: there is no such message. */
  breakOff(messageId: string): number | null
  /** The ids of the messages that have not ended. */
  open(): readonly string[]
  /** The items of those messages as they are, by output index. */
  unfinished(): ReadonlyMap<number, ReturnType<typeof spokenItem>>
}

interface Spoken {
  readonly type: SpokenType
  readonly index: number
  readonly itemId: string
  /** What the events have told. */
  told: string
  /** What is held back until it is known where its chunk ends. */
  held: string
}

/** @param channel of the response */
export function createSpeaking(output: Output, channel: ChannelId): Speaking {
  const spoken = new Map<string, Spoken>()

  const begin = (id: string, type: SpokenType): Spoken => {
    const item = spokenItem(type, idOfItem(spokenPrefix(type), id, channel), null)
    const index = output.add(item)
    const { added } = words[type]
    output.emit(added, { ...placeOf(type, item.id, index), part: partOf(type, '') })
    const said = { type, index, itemId: item.id, told: '', held: '' }
    spoken.set(id, said)
    return said
  }
  const tell = (said: Spoken, isWhole: boolean) => {
    const { type, index, itemId, held } = said
    const end = isWhole ? held.length : lastChunkEnd(held)
    if (end === 0) return
    const delta = held.slice(0, end)
    const place = placeOf(type, itemId, index)
    output.emitText(
      words[type].delta,
      delta.length,
      type === 'bot' ? { ...place, delta, logprobs: [] } : { ...place, delta },
    )
    said.told += delta
    said.held = held.slice(end)
  }
  const finish = (
    id: string,
    said: Spoken,
    how: { readonly text: string; readonly status: 'completed' | 'incomplete' },
  ) => {
    const { type, index, itemId } = said
    const place = placeOf(type, itemId, index)
    const { text } = how
    output.emit(words[type].textDone, type === 'bot' ? { ...place, text, logprobs: [] } : { ...place, text })
    output.emit(words[type].partDone, { ...place, part: partOf(type, text) })
    output.done(index, spokenItem(type, itemId, how))
    spoken.delete(id)
    return index
  }
  return {
    grow(type, { messageId, position, text }) {
      const said = spoken.get(messageId) ?? begin(messageId, type)
      const known = said.told.length + said.held.length
      said.held += position < known ? text.slice(known - position) : text
      tell(said, false)
    },
    complete(message) {
      const type = spokenType(message)
      if (type === null) return
      const said = spoken.get(message.id) ?? begin(message.id, type)
      said.held = message.text.slice(said.told.length)
      tell(said, true)
      output.sequence.begin()
      finish(message.id, said, { text: message.text, status: 'completed' })
    },
    breakOff(messageId) {
      const said = spoken.get(messageId)
      if (said === undefined) return null
      tell(said, true)
      output.sequence.begin()
      return finish(messageId, said, { text: said.told, status: 'incomplete' })
    },
    open: () => [...spoken.keys()],
    unfinished: () =>
      new Map(
        [...spoken.values()].map(({ type, index, itemId, told, held }) => [
          index,
          spokenItem(type, itemId, { text: told + held, status: 'in_progress' }),
        ]),
      ),
  }
}

const words = {
  bot: {
    added: 'response.content_part.added',
    delta: 'response.output_text.delta',
    textDone: 'response.output_text.done',
    partDone: 'response.content_part.done',
  },
  reasoning: {
    added: 'response.reasoning_summary_part.added',
    delta: 'response.reasoning_summary_text.delta',
    textDone: 'response.reasoning_summary_text.done',
    partDone: 'response.reasoning_summary_part.done',
  },
} as const satisfies Record<SpokenType, Readonly<Record<string, string>>>

function placeOf(type: SpokenType, itemId: string, index: number) {
  const place = { item_id: itemId, output_index: index }
  return type === 'bot' ? { ...place, content_index: 0 } : { ...place, summary_index: 0 }
}

function partOf(type: SpokenType, text: string) {
  return type === 'bot' ? textPart(text) : summaryPart(text)
}
