/** What the first dispatch of a conversation is doing when the second one comes. */
export type Doing = 'queued' | 'running' | 'waiting' | 'paused' | 'ending'

interface Cell {
  readonly whenBusy: 'ENQUEUE' | 'REJECT' | 'INTERRUPT' | 'ROLLBACK' | 'STEER'
  readonly doing: Doing
  /** Whether the second may begin before the first has ended; null: it is refused; 'steers': the first goes on with its messages. */
  readonly beginsAtOnce: boolean | 'steers' | null
  /** What the second begins with once the first has ended, or the first has said at its end. */
  readonly transcript: readonly string[] | null
  /** What the conversation has said when both have ended. */
  readonly kept: readonly string[]
}

const both = ['U1', 'A1', 'U2']
const whole = ['U1', 'A1', 'U2', 'A2']
const steered = ['U1', 'U2', 'A1']
export const cells: readonly Cell[] = [
  { whenBusy: 'ENQUEUE', doing: 'queued', beginsAtOnce: false, transcript: both, kept: whole },
  { whenBusy: 'ENQUEUE', doing: 'running', beginsAtOnce: false, transcript: both, kept: whole },
  { whenBusy: 'ENQUEUE', doing: 'waiting', beginsAtOnce: false, transcript: both, kept: whole },
  { whenBusy: 'ENQUEUE', doing: 'paused', beginsAtOnce: false, transcript: both, kept: whole },
  { whenBusy: 'ENQUEUE', doing: 'ending', beginsAtOnce: true, transcript: both, kept: whole },
  { whenBusy: 'REJECT', doing: 'queued', beginsAtOnce: null, transcript: null, kept: ['U1', 'A1'] },
  { whenBusy: 'REJECT', doing: 'running', beginsAtOnce: null, transcript: null, kept: ['U1', 'A1'] },
  { whenBusy: 'REJECT', doing: 'waiting', beginsAtOnce: null, transcript: null, kept: ['U1', 'A1'] },
  { whenBusy: 'REJECT', doing: 'paused', beginsAtOnce: null, transcript: null, kept: ['U1', 'A1'] },
  { whenBusy: 'REJECT', doing: 'ending', beginsAtOnce: true, transcript: both, kept: whole },
  { whenBusy: 'INTERRUPT', doing: 'queued', beginsAtOnce: true, transcript: ['U1', 'U2'], kept: ['U1', 'U2', 'A2'] },
  {
    whenBusy: 'INTERRUPT',
    doing: 'running',
    beginsAtOnce: false,
    transcript: ['U1', 'Half of A1', 'U2'],
    kept: ['U1', 'Half of A1', 'U2', 'A2'],
  },
  { whenBusy: 'INTERRUPT', doing: 'waiting', beginsAtOnce: true, transcript: ['U1', 'U2'], kept: ['U1', 'U2', 'A2'] },
  { whenBusy: 'INTERRUPT', doing: 'paused', beginsAtOnce: true, transcript: ['U1', 'U2'], kept: ['U1', 'U2', 'A2'] },
  { whenBusy: 'INTERRUPT', doing: 'ending', beginsAtOnce: true, transcript: both, kept: whole },
  { whenBusy: 'ROLLBACK', doing: 'queued', beginsAtOnce: true, transcript: ['U2'], kept: ['U2', 'A2'] },
  { whenBusy: 'ROLLBACK', doing: 'running', beginsAtOnce: false, transcript: ['U2'], kept: ['U2', 'A2'] },
  { whenBusy: 'ROLLBACK', doing: 'waiting', beginsAtOnce: true, transcript: ['U2'], kept: ['U2', 'A2'] },
  { whenBusy: 'ROLLBACK', doing: 'paused', beginsAtOnce: true, transcript: ['U2'], kept: ['U2', 'A2'] },
  { whenBusy: 'ROLLBACK', doing: 'ending', beginsAtOnce: true, transcript: both, kept: whole },
  { whenBusy: 'STEER', doing: 'queued', beginsAtOnce: 'steers', transcript: steered, kept: steered },
  { whenBusy: 'STEER', doing: 'running', beginsAtOnce: 'steers', transcript: steered, kept: steered },
  { whenBusy: 'STEER', doing: 'waiting', beginsAtOnce: 'steers', transcript: steered, kept: steered },
  { whenBusy: 'STEER', doing: 'ending', beginsAtOnce: true, transcript: both, kept: whole },
]
