/** UTF-16 code units of the longest chunk of text without white space. */
const longestChunk = 16

/**
 * Where the chunk of text ends that begins at `from`; null if that depends on text that is not known yet. It depends on the text alone, so
 * every replay cuts a message in the same places, however its log has been joined. A chunk is a word with the white space behind it, one
 * character of a script without spaces, or `longestChunk` units of anything else. Surrogate pairs stay whole.
 */
export function chunkEnd(text: string, from: number): number | null {
  let wasSpace = false
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    const isSpace = unit <= 0x20
    if (wasSpace && !isSpace) return at
    wasSpace = isSpace
    // The other half follows.
    if (unit >= 0xd800 && unit <= 0xdbff) continue
    // From the radicals of Chinese on.
    if (unit >= 0x2e80 || at - from + 1 >= longestChunk) return at + 1
  }
  return null
}

/** Where the last chunk ends that is known; 0: none is. */
export function lastChunkEnd(text: string): number {
  let last = 0
  for (let end = chunkEnd(text, 0); end !== null; end = chunkEnd(text, end)) last = end
  return last
}

/** The chunks of a text that begins and ends where chunks do. */
export function* chunksOf(text: string): Generator<string, void> {
  for (let from = 0; from < text.length; ) {
    const end = chunkEnd(text, from) ?? text.length
    yield text.slice(from, end)
    from = end
  }
}
