import { createLineWork, type LineWork, type LineWorkDeps } from '../../../src/dispatch/line/line-work.ts'
import type { NewTurn } from '../../../src/dispatch/run-store.ts'
import type { ChannelKey } from '../../../src/kernel/ids.ts'
import type { Engine } from '../../conformance/engines.ts'
import { ids } from './runs.ts'

/** What moves lines on, over an engine. */
export function lineWorkOn(
  engine: Pick<LineWorkDeps, 'runs' | 'lines' | 'transcripts' | 'queue'>,
  over: Partial<LineWorkDeps> = {},
): LineWork {
  return createLineWork({
    ...engine,
    ids,
    clock: () => Date.now(),
    traceparent: () => undefined,
    absentMs: 40_000,
    ...over,
  })
}

/** A place in the line of a conversation, for a run that is created without the use case. */
export async function takePlace(
  { lines }: Pick<Engine, 'lines'>,
  { account, channel }: ChannelKey,
  { conversation, ticket }: Pick<NewTurn, 'conversation' | 'ticket'>,
): Promise<void> {
  const place = { channel, ticket, isRejoin: false, rejects: false, wish: null, upTo: null, contactId: null }
  await lines.join({ account, conversation }, place)
}
