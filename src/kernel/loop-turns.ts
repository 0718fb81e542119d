export interface LoopTurnsOptions {
  /** What the slices of one account may cost in one turn of the event loop, all together. */
  readonly ms: number
  /** How many slices that is at most, however short they are. */
  readonly slices: number
  /** Who asks for a slice counts as active so long. */
  readonly activeMs: number
}

/** Of ms, which never goes back. */
const realClock = () => performance.now()

/**
 * Accounts share the event loop. Work that is ready is done in slices, such as one event for one reader. An account does a few
 * ms of them in one turn of the loop and the others in the next turns, so what others ask for is read in between. After a
 * slice that is longer it rests for as long, if others are active: these need many turns for one answer.
 */
export interface LoopTurns {
  /**
   * Call it before each slice. Undefined: begin at once. Otherwise begin when it resolves, in the order of the calls.
   * `costMs`: about how long the slice takes; absent, as long as those that were measured.
   */
  pass(account: string, costMs?: number): Promise<void> | undefined
  /**
   * Whether a slice of `costMs` may be done on the spot, for work that has another way when it may not. An account that is alone
   * may do any number of them.
   */
  hasRoom(account: string, costMs: number): boolean
}

interface Slice {
  /** Undefined: what is typical. */
  readonly costMs: number | undefined
  readonly go: () => void
}

interface Line {
  readonly waiting: Slice[]
  /** In this turn. */
  spentMs: number
  restsUntil: number
  askedAt: number
  /** What a slice takes: as long as slow ones take, which quick ones make shorter by and by. */
  typicalMs: number
}

export function createLoopTurns({ ms, slices, activeMs }: LoopTurnsOptions, clock = realClock): LoopTurns {
  const lines = new Map<string, Line>()
  const least = ms / slices
  let isScheduled = false
  let timer: NodeJS.Timeout | undefined
  /** What has been admitted in this turn, if none of it has a cost of its own. */
  let measured: { readonly line: Line; readonly slices: number; readonly begunAt: number } | null = null

  const schedule = () => {
    if (isScheduled) return
    isScheduled = true
    setImmediate(admit)
    setImmediate(measure)
  }
  const hasOthers = (line: Line, now: number) =>
    lines.size > 1 && [...lines.values()].some((other) => other !== line && now - other.askedAt < activeMs)
  const spend = (line: Line, costMs: number, now: number) => {
    line.spentMs += costMs
    if (line.spentMs > ms && hasOthers(line, now)) line.restsUntil = now + 2 * line.spentMs
  }
  const isOpen = (line: Line, costMs: number, now: number) =>
    now >= line.restsUntil && (line.spentMs === 0 || line.spentMs + costMs <= ms)
  const nextOf = (line: Line, now: number) => {
    const [next] = line.waiting
    return next !== undefined && isOpen(line, next.costMs ?? line.typicalMs, now) ? line.waiting.shift() : undefined
  }

  /** Begins the slices of one account, because what follows is to be measured. */
  const begin = (line: Line, now: number) => {
    let count = 0
    let hasOwnCosts = false
    for (let next = nextOf(line, now); next !== undefined; next = nextOf(line, now)) {
      spend(line, next.costMs ?? line.typicalMs, now)
      count += 1
      hasOwnCosts ||= next.costMs !== undefined
      next.go()
    }
    measured = hasOwnCosts ? null : { line, slices: count, begunAt: now }
  }
  const admit = () => {
    isScheduled = false
    const now = clock()
    let hasBegun = false
    let isGoingOn = false
    let restMs = Number.POSITIVE_INFINITY
    for (const [account, line] of [...lines]) {
      isGoingOn ||= line.spentMs > 0
      line.spentMs = 0
      if (line.waiting.length === 0) {
        if (now - line.askedAt > activeMs) lines.delete(account)
      } else if (now < line.restsUntil) {
        restMs = Math.min(restMs, line.restsUntil - now)
      } else {
        isGoingOn = true
        if (hasBegun) continue
        hasBegun = true
        begin(line, now)
        // The others are before it in the next turn.
        lines.delete(account)
        lines.set(account, line)
      }
    }
    clearTimeout(timer)
    if (isGoingOn) schedule()
    else if (restMs !== Number.POSITIVE_INFINITY) timer = setTimeout(schedule, restMs)
  }
  /** Comes when all that the slices do at once is done, before anything else of the event loop. */
  const measure = () => {
    if (measured === null) return
    const { line, slices: count, begunAt } = measured
    measured = null
    line.typicalMs = Math.max(least, (clock() - begunAt) / count, line.typicalMs * 0.9)
  }
  const lineOf = (account: string, now: number) => {
    const line = lines.get(account) ?? { waiting: [], spentMs: 0, restsUntil: 0, askedAt: now, typicalMs: least }
    lines.set(account, line)
    line.askedAt = now
    schedule()
    return line
  }
  return {
    hasRoom(account, costMs) {
      const now = clock()
      const line = lineOf(account, now)
      if (line.waiting.length > 0) return false
      if (!hasOthers(line, now)) return true
      if (!isOpen(line, costMs, now)) return false
      spend(line, costMs, now)
      return true
    },
    pass(account, costMs) {
      const now = clock()
      const line = lineOf(account, now)
      if (line.waiting.length === 0 && isOpen(line, costMs ?? line.typicalMs, now)) {
        spend(line, costMs ?? line.typicalMs, now)
        return undefined
      }
      const { waiting } = line
      return new Promise((go) => waiting.push({ costMs, go }))
    },
  }
}
