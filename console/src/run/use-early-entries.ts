import { useMemo, useState } from 'react'
import { type RunDetailQuery, RunMessagesDocument } from '../generated/operations.ts'
import { hasEnded } from '../log/run-view.ts'
import { useRead } from '../service/use-request.ts'
import { entriesOf } from '../transcript/activity.ts'

/** A log of so many iterations takes longer to read than its transcript. */
const longIterations = 100

/** The transcript of a long run that has ended, which comes before its log; `isPending`: it is on its way. */
export function useEarlyEntries(run: NonNullable<RunDetailQuery['dispatch']>) {
  const [isWanted] = useState(() => hasEnded(run.status) && run.usage.iterations >= longIterations)
  const { data, isPending } = useRead(RunMessagesDocument, { channelId: run.channelId }, { isWanted })
  const messages = data?.dispatch?.messages
  const entries = useMemo(() => (messages === undefined ? null : entriesOf(messages, [])), [messages])
  return { entries, isPending: isWanted && isPending }
}
