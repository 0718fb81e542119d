export const lanes = ['Attempts', 'Iterations', 'Calls', 'Waits'] as const
export type Lane = (typeof lanes)[number]

/** Something that took a time. */
export interface Bar {
  readonly lane: Lane
  readonly label: string
  /** Milliseconds. */
  readonly from: number
  /** Null: it still goes on. */
  readonly to: number | null
  /** `lost`: its worker or its model call was lost, and what it did was done again. */
  readonly tone: 'plain' | 'wait' | 'bad' | 'lost'
}

export interface Timeline {
  open(key: string, bar: Pick<Bar, 'lane' | 'label'> & { readonly tone?: Bar['tone'] }, at: number): void
  /** Nothing happens where no bar of that key is open. */
  close(key: string, at: number, tone?: Bar['tone']): void
  /** Closes all that is open; what has begun and has no end of its own is `lost`, if that is said. */
  closeAll(at: number): void
  bars(): readonly Bar[]
}

/** Bars in the order in which they began. */
export function createTimeline(): Timeline {
  const bars: Bar[] = []
  const open = new Map<string, number>()

  const close = (key: string, at: number, tone?: Bar['tone']) => {
    const index = open.get(key)
    const bar = index === undefined ? undefined : bars[index]
    if (index === undefined || bar === undefined) return
    open.delete(key)
    bars[index] = { ...bar, to: Math.max(at, bar.from), tone: tone ?? bar.tone }
  }
  return {
    open(key, { lane, label, tone = 'plain' }, at) {
      close(key, at, 'lost')
      open.set(key, bars.length)
      bars.push({ lane, label, from: at, to: null, tone })
    },
    close,
    closeAll(at) {
      for (const key of [...open.keys()]) close(key, at)
    },
    bars: () => [...bars],
  }
}

export interface Placed {
  readonly bar: Bar
  /** Of the whole width, 0 to 1. */
  readonly left: number
  readonly width: number
  /** Bars of one lane that overlap stand below each other. */
  readonly row: number
}

/** A bar that is narrower than one of so many parts of the width cannot be told from the next. */
const parts = 300

/** Bars of a lane, where those too narrow to be told apart are one. */
function joinNarrow(bars: readonly Bar[], narrowest: number): readonly Bar[] {
  const joined: { readonly bar: Bar; readonly count: number }[] = []
  for (const bar of bars) {
    const last = joined.at(-1)
    const isNarrow = bar.to !== null && bar.to - bar.from < narrowest
    const isNear = last !== undefined && last.bar.to !== null && bar.from - last.bar.from < narrowest
    if (!isNarrow || !isNear || last.bar.tone !== bar.tone) {
      joined.push({ bar, count: 1 })
      continue
    }
    const to = Math.max(last.bar.to ?? bar.from, bar.to ?? bar.from)
    const label = `${last.count + 1} in a row, from ${last.count === 1 ? last.bar.label : last.bar.label.replace(/^.* from /, '')}`
    joined[joined.length - 1] = { bar: { ...last.bar, label, to }, count: last.count + 1 }
  }
  return joined.map(({ bar }) => bar)
}

/** Where bars are drawn between two times. */
export function placeBars(bars: readonly Bar[], lane: Lane, range: { readonly from: number; readonly to: number }) {
  const length = Math.max(1, range.to - range.from)
  const ends: number[] = []
  const ofLane = bars.filter((bar) => bar.lane === lane)
  const placed = joinNarrow(ofLane, ofLane.length > parts ? length / parts : 0).map((bar): Placed => {
    const to = bar.to ?? range.to
    const free = ends.findIndex((end) => end <= bar.from)
    const row = free < 0 ? ends.length : free
    ends[row] = to
    return { bar, left: (bar.from - range.from) / length, width: (to - bar.from) / length, row }
  })
  return { placed, rows: Math.max(1, ends.length) }
}

/** Times at even distances, four to eight of them, as people count time. */
export function ticksOf(lengthMs: number): readonly number[] {
  const steps = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5,
  ]
  const days = [216e5, 432e5, 864e5, 1728e5, 432e6, 864e6]
  const step = [...steps, ...days].find((each) => lengthMs / each <= 8) ?? lengthMs / 6
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => index * step)
}
