import { useMemo } from 'react'
import { type RunDetailQuery, RunMessagesDocument } from '../generated/operations.ts'
import { hasEnded, type RunView } from '../log/run-view.ts'
import { useRead } from '../service/use-request.ts'
import { entriesOf } from '../transcript/activity.ts'
import type { Entry } from '../transcript/entry.ts'

/** A log of so many iterations takes longer to read than its transcript. */
const longIterations = 100

/** The transcript of a long run that has ended, for as long as its log is being read; null otherwise. */
export function useEarlyEntries(run: NonNullable<RunDetailQuery['dispatch']>, view: RunView): readonly Entry[] | null {
  const isWanted = hasEnded(run.status) && run.usage.iterations >= longIterations && !hasEnded(view.status)
  const { data } = useRead(RunMessagesDocument, { channelId: run.channelId }, { isWanted })
  return useMemo(() => (isWanted && data?.dispatch ? entriesOf(data.dispatch.messages, []) : null), [isWanted, data])
}
