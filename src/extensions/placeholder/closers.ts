export interface Brackets {
  readonly opener: string
  readonly closer: string
}

/** Finds where the brackets of one line close. Lookups are cheap, however many brackets stay open. */
export interface Closers {
  /** The closer of the bracket at this index; if brackets do not match, the first closer after it. */
  of(at: number, brackets: Brackets): number | null
  /**
   * The first closer at or after this index that does not belong to an inner bracket; if brackets do not match, simply
   * the first one.
   */
  from(from: number, brackets: Brackets): number | null
}

export function createClosers(line: string): Closers {
  // Both are computed once per line. Otherwise a line of unclosed brackets would be scanned once for each of them.
  const last = new Map<string, number>()
  const pairs = new Map<string, ReadonlyMap<number, number>>()

  const first = (from: number, closer: string): number | null => {
    const lastCloser = last.get(closer) ?? line.lastIndexOf(closer)
    last.set(closer, lastCloser)
    return from > lastCloser ? null : line.indexOf(closer, from)
  }
  return {
    of(at, brackets) {
      const matched = pairs.get(brackets.opener) ?? pairsIn(line, brackets)
      pairs.set(brackets.opener, matched)
      return matched.get(at) ?? first(at + 1, brackets.closer)
    },
    from(from, { opener, closer }) {
      const firstCloser = first(from, closer)
      if (firstCloser === null) return null
      let depth = 0
      for (let at = from; at < line.length; at++) {
        if (depth === 0 && line.startsWith(closer, at)) return at
        if (line.charAt(at) === opener) depth += 1
        else if (line.charAt(at) === closer.charAt(0)) depth = Math.max(depth - 1, 0)
      }
      return firstCloser
    },
  }
}

function pairsIn(line: string, { opener, closer }: Brackets): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>()
  const open: number[] = []
  for (let at = 0; at < line.length; at++) {
    if (line.charAt(at) === opener) open.push(at)
    const opened = line.charAt(at) === closer ? open.pop() : undefined
    if (opened !== undefined) pairs.set(opened, at)
  }
  return pairs
}
