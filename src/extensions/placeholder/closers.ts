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
  // All are computed once per line. Otherwise a line of unclosed brackets would be scanned once for each of them.
  const last = new Map<string, number>()
  const pairs = new Map<string, ReadonlyMap<number, number>>()
  const outers = new Map<string, Int32Array>()

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
    from(from, brackets) {
      const firstCloser = first(from, brackets.closer)
      if (firstCloser === null) return null
      const outer = outers.get(brackets.closer) ?? outerClosers(line, brackets)
      outers.set(brackets.closer, outer)
      const found = outer[from] ?? none
      return found === none ? firstCloser : found
    },
  }
}

const none = -1

/** For each index, the first closer from there on that belongs to no bracket opened in between; found from the end. */
function outerClosers(line: string, brackets: Brackets): Int32Array {
  const { opener, closer } = brackets
  const pairs = pairsIn(line, { opener, closer: closer.charAt(0) })
  const outer = new Int32Array(line.length + 1).fill(none)
  for (let at = line.length - 1; at >= 0; at--) {
    if (line.startsWith(closer, at)) outer[at] = at
    else if (line.charAt(at) !== opener) outer[at] = outer[at + 1] ?? none
    else {
      const end = pairs.get(at)
      outer[at] = end === undefined ? none : (outer[end + 1] ?? none)
    }
  }
  return outer
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
