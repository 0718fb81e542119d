import type { BackchannelError } from 'backchannel-client'
import { useBackchannel } from 'backchannel-client/react'
import { useEffect, useState } from 'react'
import { useReport } from '../service/service-provider.tsx'
import { addEvent } from './event-list.ts'
import { createRunFold } from './fold-run.ts'
import { emptyView, type LoggedEvent, type RunView } from './run-view.ts'

export interface RunLog {
  readonly view: RunView
  readonly events: readonly LoggedEvent[]
  /** Why it can no longer be followed, such as that it has been removed. */
  readonly error: BackchannelError | null
}

export const emptyLog: RunLog = { view: emptyView, events: [], error: null }

/** The whole log of a run, from its first event on, and what comes while the page is there. It is shown as it comes. */
export function useRunLog(channelId: string): RunLog {
  const client = useBackchannel()
  const report = useReport()
  const [log, setLog] = useState<RunLog>(emptyLog)
  useEffect(() => {
    const abort = new AbortController()
    const fold = createRunFold()
    const events: LoggedEvent[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    let unseen = 0
    let shownAt = Number.NEGATIVE_INFINITY
    const show = (error: BackchannelError | null) => {
      clearTimeout(timer)
      timer = undefined
      unseen = 0
      shownAt = performance.now()
      setLog({ view: fold.view(), events: [...events], error })
    }
    const showSoon = () => {
      timer = undefined
      if (unseen < catchingUp || performance.now() - shownAt > catchingUpMs) show(null)
      else timer = setTimeout(showSoon, showEveryMs)
    }
    const follow = async () => {
      try {
        for await (const event of client.watch(channelId, { signal: abort.signal })) {
          fold.apply(event)
          addEvent(events, event)
          unseen += 1
          timer ??= setTimeout(showSoon, showEveryMs)
        }
        show(null)
      } catch (failure) {
        if (abort.signal.aborted) return
        report(failure)
        show(failure as BackchannelError)
      }
    }
    setLog(emptyLog)
    void follow()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [client, channelId, report])
  return log
}

/** As often as an answer that grows is worth drawing. */
const showEveryMs = 50
/** So many events in that time are a log that is being read, of which the end is what is looked at: it is drawn now and then. */
const catchingUp = 100
const catchingUpMs = 1_000
