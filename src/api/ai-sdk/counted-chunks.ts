import type { LogEntry } from '../../channel/channel.ts'
import type { ChannelKey } from '../../kernel/ids.ts'
import type { FrameFold, Told } from '../facade/read-frames.ts'
import { type ChunkFrame, done } from './chunk.ts'

/**
 * The same chunks, without the first `from`, in a form in which each has the same index in every stream. Words are cut where the text
 * says so, because a replay joins what came one by one; the last word of a text is told once something follows it.
 */
export function createCountedFold(
  fold: FrameFold<ChunkFrame>,
  from: number,
): FrameFold<ChunkFrame> & { count(): number } {
  const held = new Map<string, string>()
  let index = 0

  const pieces = (frame: ChunkFrame): readonly ChunkFrame[] => {
    if (frame === done) return [frame]
    const id = `${frame['id']}`
    if (frame.type === 'text-delta' || frame.type === 'reasoning-delta') {
      const { words, rest } = cutWords(`${held.get(id) ?? ''}${frame['delta']}`)
      held.set(id, rest)
      return words.map((delta) => ({ ...frame, delta }))
    }
    if (frame.type === 'reset-step') held.clear()
    const rest = held.get(id) ?? ''
    held.delete(id)
    if (rest === '' || !(frame.type === 'text-end' || frame.type === 'reasoning-end')) return [frame]
    return [{ type: frame.type.replace('-end', '-delta'), id, delta: rest }, frame]
  }
  const counted = ({ frames, isEnd }: Told<ChunkFrame>): Told<ChunkFrame> => {
    const kept = frames.flatMap(pieces).filter((frame) => frame === done || index++ >= from)
    return { frames: kept, isEnd }
  }
  const atHead = fold.atHead
  return {
    accept: (entry: LogEntry, key: ChannelKey) => counted(fold.accept(entry, key)),
    ...(atHead !== undefined && { atHead: () => counted(atHead()) }),
    count: () => index,
  }
}

/** Complete words, each with the blanks behind it, and what may still grow. */
function cutWords(text: string): { readonly words: readonly string[]; readonly rest: string } {
  const words: string[] = []
  const word = /\S{0,16}\s{0,16}/uy
  for (;;) {
    const at = word.lastIndex
    word.exec(text)
    if (word.lastIndex >= text.length) return { words, rest: text.slice(at) }
    words.push(text.slice(at, word.lastIndex))
  }
}
