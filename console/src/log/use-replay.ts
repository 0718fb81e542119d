import { useBackchannel } from 'backchannel-client/react'
import { useEffect, useState } from 'react'
import { addEvent } from './event-list.ts'
import { createRunFold } from './fold-run.ts'
import type { LoggedEvent } from './run-view.ts'
import { emptyLog, type RunLog } from './use-run-log.ts'

const tickMs = 60
/** However long the log is, its replay is over in about so many ticks. */
const ticks = 200

/**
 * The log again from a cursor on, as whoever continues there gets it, at a pace that can be followed. Null without a cursor. `before` is what
 * is known up to the cursor and beyond.
 */
export function useReplay(channelId: string, after: string | null, before: readonly LoggedEvent[]): RunLog | null {
  const client = useBackchannel()
  const [log, setLog] = useState<RunLog | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes while it replays comes by its own subscription
  useEffect(() => {
    setLog(null)
    if (after === null) return
    const abort = new AbortController()
    const fold = createRunFold()
    for (const { event } of before) {
      fold.apply(event)
      if (event.cursor === after) break
    }
    const events: LoggedEvent[] = []
    const show = () => setLog({ ...emptyLog, view: fold.view(), events: [...events] })
    const pace = Math.max(1, Math.ceil(before.length / ticks))
    const play = async () => {
      let count = 0
      for await (const event of client.watch(channelId, { after, signal: abort.signal })) {
        fold.apply(event)
        addEvent(events, event)
        count += 1
        if (count % pace !== 0) continue
        show()
        await new Promise((resolve) => setTimeout(resolve, tickMs))
      }
      show()
    }
    show()
    play().catch((failure: unknown) => {
      if (!abort.signal.aborted) throw failure
    })
    return () => abort.abort()
  }, [client, channelId, after])
  return after === null ? null : log
}
