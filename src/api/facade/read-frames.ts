import { visibleEvent } from '../../access/permission.ts'
import type { Principal } from '../../access/principal.ts'
import type { LogEntry } from '../../channel/channel.ts'
import type { Batch, FollowStart } from '../../channel/follow.ts'
import { Failure, unavailable } from '../../kernel/errors.ts'
import type { ChannelKey } from '../../kernel/ids.ts'
import type { Facade } from './facade.ts'

/** What a fold makes of the log: frames for the wire, and whether the stream ends behind them. */
export interface Told<Frame> {
  readonly frames: readonly Frame[]
  readonly isEnd: boolean
}

/** Translates the log, entry by entry: state and no effects, so that every process makes the same of the same log. One for each reader. */
export interface FrameFold<Frame> {
  /** The entry as the reader may see it. Adjacent deltas may be joined; an entry then has the place of the last of them. */
  accept(entry: LogEntry, key: ChannelKey): Told<Frame>
  /**
   * Called when the fold has all that was in the last channel as the stream was opened, and after each batch from then on.
   * Here a stream can end in which something is waited for: in a replay what was waited for once may be there by now.
   */
  atHead?(): Told<Frame>
}

export interface FrameReading<Frame> {
  /** Read one after the other, each to its ending. */
  readonly keys: readonly ChannelKey[]
  readonly principal: Principal
  readonly fold: FrameFold<Frame>
  /** Where the first channel is read from. Absent: its beginning. */
  readonly start?: FollowStart
  /** What carries the stream, if it may carry several at once: their number is limited. */
  readonly connection?: object
}

export interface FrameReader<Frame> {
  /**
   * Completes after the frames that the fold has called the end, and only then. Throws whatever keeps it from going on:
   * CURSOR_EXPIRED, UNAUTHENTICATED once the token expires, UNAVAILABLE.
   */
  readonly batches: AsyncIterator<readonly Frame[], void, void>
  /** Ends `batches` at once, even while a read is pending. */
  stop(): void
  /** The reader's turn of the event loop, for a further part of a batch. Undefined: at once. */
  turn(): Promise<void> | undefined
}

/** Reads channels through a fold, until the principal expires. LIMIT_EXCEEDED if the account has too many open streams. */
export function readFrames<Frame>(facade: Facade, reading: FrameReading<Frame>): FrameReader<Frame> {
  const { services, whenExpired, takeStream } = facade
  const { keys, principal, fold, start = {} } = reading
  const release = takeStream(principal.account, reading.connection)
  let current: AsyncIterableIterator<Batch> | null = null
  let isStopped = false
  let isExpired = false
  const leave = () => {
    forget()
    release()
  }
  const stop = () => {
    isStopped = true
    leave()
    void current?.return?.()
  }
  const forget = whenExpired(principal, () => {
    isExpired = true
    stop()
  })

  async function* run(): AsyncGenerator<readonly Frame[], void> {
    try {
      for (const [index, key] of keys.entries()) {
        const isLast = index === keys.length - 1
        const head = isLast && fold.atHead !== undefined ? await headOf(key) : null
        if (isStopped) break
        current = services.follower.follow(key, index === 0 ? start : {})
        for await (const batch of current) {
          const told = fromBatch(batch, key)
          const isThere = isLast && !told.isEnd && batch.position.offset >= (head ?? 0)
          const more = isThere ? fold.atHead?.() : undefined
          const frames = more === undefined ? told.frames : [...told.frames, ...more.frames]
          if (frames.length > 0) yield frames
          if (told.isEnd || more?.isEnd === true) return
        }
      }
    } finally {
      leave()
    }
    if (isExpired) throw new Failure('UNAUTHENTICATED', 'The token has expired.')
    throw unavailable('The server stopped following the run.')
  }
  const headOf = async (key: ChannelKey) => {
    const [head] = await services.log.heads([key])
    return head?.last ?? 0
  }
  const fromBatch = ({ entries }: Batch, key: ChannelKey): Told<Frame> => {
    const frames: Frame[] = []
    for (const entry of entries) {
      const event = visibleEvent(principal, entry.event)
      if (event === null) continue
      const told = fold.accept(event === entry.event ? entry : { ...entry, event }, key)
      frames.push(...told.frames)
      if (told.isEnd) return { frames, isEnd: true }
    }
    return { frames, isEnd: false }
  }
  return { batches: run(), stop, turn: () => facade.turn(principal.account) }
}
