import type { FrameReader } from '../../facade/read-frames.ts'
import type { AgUiEvent, Frame, SnapshotDue } from './event.ts'

export interface TellOptions {
  /** What is told before the log. */
  readonly first: readonly AgUiEvent[]
  readonly snapshot: (due: SnapshotDue) => Promise<readonly AgUiEvent[]>
}

/** The frames of the fold as AG-UI events: a snapshot that is due is read when it is told. */
export function toldReader({ batches, stop, turn }: FrameReader<Frame>, options: TellOptions): FrameReader<AgUiEvent> {
  async function* run(): AsyncGenerator<readonly AgUiEvent[], void> {
    try {
      yield options.first
      for (let result = await batches.next(); result.done !== true; result = await batches.next()) {
        yield await eventsOf(result.value, options)
      }
    } finally {
      await batches.return?.()
    }
  }
  return { batches: run(), stop, turn }
}

/** The stream of a run about which everything is known. */
export function wholeReader(events: readonly AgUiEvent[]): FrameReader<AgUiEvent> {
  async function* run(): AsyncGenerator<readonly AgUiEvent[], void> {
    yield events
  }
  return { batches: run(), stop: () => {}, turn: () => undefined }
}

/** Of several snapshots only the last is told, and one for a client that lacks messages: what comes later takes those for known. */
async function eventsOf(frames: readonly Frame[], { snapshot }: TellOptions): Promise<readonly AgUiEvent[]> {
  const last = frames.findLast(isDue)
  const discarded = frames.flatMap((frame) => (isDue(frame) ? frame.discarded : []))
  const events: AgUiEvent[] = []
  for (const frame of frames) {
    if (!isDue(frame)) events.push(frame)
    else if (frame === last) events.push(...(await snapshot({ ...last, discarded })))
    else if (frame.held !== undefined) events.push(...(await snapshot(frame)))
  }
  return events
}

function isDue(frame: Frame): frame is SnapshotDue {
  return frame.type === 'snapshot-due'
}
