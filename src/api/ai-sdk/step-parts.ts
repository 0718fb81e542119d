import type { Chunk, WordsOf } from './chunk.ts'

/**
 * What a client has of the step that is being told. `reset-step` takes all of a step from the client, where a discarded message takes
 * only its own words; so whatever else the step has is told again behind it.
 */
export interface StepParts {
  /** More words of a message. Those that overlap known ones change nothing. */
  grow(kind: WordsOf, id: string, delta: { readonly position: number; readonly text: string }): readonly Chunk[]
  /** The message with all its words, of which some or all may have been told. */
  complete(kind: WordsOf, id: string, text: string): readonly Chunk[]
  keep(id: string, chunks: readonly Chunk[]): readonly Chunk[]
  /** A part of our own kind. @param id of a part that replaces the one before it */
  data(type: `data-${string}`, data: unknown, id?: string): readonly Chunk[]
  discard(id: string): readonly Chunk[]
  /** Ends what has begun and gets no more words. */
  close(): readonly Chunk[]
  clear(): void
}

interface Part {
  readonly kind: WordsOf | 'other'
  isOpen: boolean
  text: string
  readonly chunks: readonly Chunk[]
}

export function createStepParts(): StepParts {
  /** In the order in which they were told. */
  const parts = new Map<string, Part>()

  const open = (kind: WordsOf, id: string): readonly [Part, readonly Chunk[]] => {
    const known = parts.get(id)
    if (known !== undefined) return [known, []]
    const part: Part = { kind, isOpen: true, text: '', chunks: [] }
    parts.set(id, part)
    return [part, [{ type: `${kind}-start`, id }]]
  }
  const grow: StepParts['grow'] = (kind, id, { position, text }) => {
    const [part, start] = open(kind, id)
    const more = part.isOpen ? text.slice(Math.max(0, part.text.length - position)) : ''
    if (more === '') return start
    part.text += more
    return [...start, { type: `${kind}-delta`, id, delta: more }]
  }
  const end = (id: string, part: Part): readonly Chunk[] => {
    if (!part.isOpen) return []
    part.isOpen = false
    return [{ type: `${part.kind}-end`, id }]
  }
  const again = ([id, { kind, text, isOpen, chunks }]: [string, Part]): readonly Chunk[] => {
    if (kind === 'other') return chunks
    const start = [{ type: `${kind}-start`, id }, ...(text === '' ? [] : [{ type: `${kind}-delta`, id, delta: text }])]
    return isOpen ? start : [...start, { type: `${kind}-end`, id }]
  }
  const keep: StepParts['keep'] = (id, chunks) => {
    if (chunks.length > 0) parts.set(id, { kind: 'other', isOpen: false, text: '', chunks })
    return chunks
  }
  return {
    grow,
    keep,
    complete(kind, id, text) {
      const grown = grow(kind, id, { position: 0, text })
      const part = parts.get(id)
      return part === undefined ? grown : [...grown, ...end(id, part)]
    },
    data: (type, data, id) => keep(`${type} ${id ?? parts.size}`, [{ type, data, ...(id !== undefined && { id }) }]),
    discard(id) {
      if (!parts.delete(id)) return []
      return [{ type: 'reset-step' }, ...[...parts].flatMap(again)]
    },
    close: () => [...parts].flatMap(([id, part]) => end(id, part)),
    clear: () => parts.clear(),
  }
}
