import type { OutputItem } from './output-item.ts'
import { createSequence, type Sequence } from './sequence.ts'

/** An event of a response's stream. */
export interface ResponseEvent {
  readonly type: string
  readonly sequence_number: number
  readonly [field: string]: unknown
}

/** What is being told. */
export interface Output {
  /** By output index. Null: it was discarded. */
  readonly items: (OutputItem | null)[]
  readonly sequence: Sequence
  /** Tells an event of the fact or item that has begun. */
  emit(type: string, fields: Readonly<Record<string, unknown>>): void
  /** Tells an event with so much more text. */
  emitText(type: string, units: number, fields: Readonly<Record<string, unknown>>): void
  /** Begins an item, and returns its output index. */
  add(item: OutputItem): number
  /** Ends an item. */
  done(index: number, item: OutputItem): void
}

export function createOutput(): Output & { readonly events: ResponseEvent[] } {
  const sequence = createSequence()
  const events: ResponseEvent[] = []
  const items: (OutputItem | null)[] = []
  const emit: Output['emit'] = (type, fields) => {
    events.push({ type, sequence_number: sequence.next(), ...fields })
  }
  return {
    sequence,
    events,
    items,
    emit,
    emitText: (type, units, fields) => {
      events.push({ type, sequence_number: sequence.text(units), ...fields })
    },
    add(item) {
      sequence.begin()
      const index = items.push(item) - 1
      emit('response.output_item.added', { output_index: index, item })
      return index
    },
    done(index, item) {
      items[index] = item
      emit('response.output_item.done', { output_index: index, item })
    },
  }
}
