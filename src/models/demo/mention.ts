export interface DemoMention {
  readonly name: string
  /** Offsets in the text, in UTF-16 code units. */
  readonly start: number
  readonly end: number
}

/**
 * Where a text mentions any of the names, in the order of the text. `get_weather`, `getWeather` and `get weather` are one name.
 * Each is found once, and a name within a longer one (`get weather` in `get weather map`) is not found.
 */
export function demoMentions(text: string, names: readonly string[]): readonly DemoMention[] {
  const found = names.flatMap((name): DemoMention[] => {
    const pattern = namePattern(name)
    if (pattern === '') return []
    const all = text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])`, 'giu'))
    return [...all].map((match) => ({ name, start: match.index, end: match.index + match[0].length }))
  })
  const outermost = found.filter(
    (each) =>
      !found.some((other) => other.start <= each.start && other.end >= each.end && lengthOf(other) > lengthOf(each)),
  )
  const inOrder = outermost.sort((a, b) => a.start - b.start)
  return inOrder.filter((each, index) => inOrder.findIndex(({ name }) => name === each.name) === index)
}

/** A regular expression for a name in any spelling. Empty when the name has no letters or digits. */
export function namePattern(name: string): string {
  const words =
    name.replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ').match(/[\p{L}\p{N}]+/gu) ?? []
  return words.join('[\\s_-]*')
}

function lengthOf({ start, end }: DemoMention): number {
  return end - start
}
