/**
 * What one answer of a model may hold before it is whole, all in all: calls with their names, ids and arguments, signatures,
 * refusals, in UTF-16 code units; and blocks, items and calls. What is said as it comes has no bound here but the log's.
 */
export const answerBounds = { characters: 4_000_000, items: 2000 } as const

/** The room of one answer, which its reader asks before it keeps anything. */
export interface AnswerRoom {
  /** What may be kept of the text: all of it, or nothing once there is no room for it. */
  keep(text: string): string
  /** Makes room for another block, item or call. */
  begin(): void
  /** True: something did not fit. The answer does not count. */
  readonly isFull: boolean
}

export function createAnswerRoom(): AnswerRoom {
  let { characters, items }: { characters: number; items: number } = answerBounds
  return {
    keep(text) {
      characters -= text.length
      return characters < 0 ? '' : text
    },
    begin() {
      items -= 1
    },
    get isFull() {
      return characters < 0 || items < 0
    },
  }
}
