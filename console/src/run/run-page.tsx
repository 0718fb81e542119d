import { useBackchannel } from 'backchannel-client/react'
import { useCallback, useEffect, useState } from 'react'
import { Link, useParams } from 'wouter'
import { AnswerForm } from '../answer/answer-form.tsx'
import { CancelRunDocument, RunDetailDocument, type RunDetailQuery } from '../generated/operations.ts'
import { hasEnded } from '../log/run-view.ts'
import { useReplay } from '../log/use-replay.ts'
import { useRunLog } from '../log/use-run-log.ts'
import { useChange, useRead } from '../service/use-request.ts'
import type { MessageEntry } from '../transcript/entry.ts'
import { Transcript } from '../transcript/transcript.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Problem } from '../ui/problem.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { EventsView } from './events-view.tsx'
import { RaiseLimit } from './raise-limit.tsx'
import { RunHeader } from './run-header.tsx'
import { StartDialog } from './start-dialog.tsx'
import { TimelineView } from './timeline-view.tsx'
import './run.css'

export default function RunPage() {
  const { channelId = '' } = useParams()
  const { data, error, refetch } = useRead(RunDetailDocument, { channelId })
  const run = data?.dispatch
  if (run === undefined)
    return <Page title="Run">{error === null ? <p className="muted">Reading…</p> : <Problem of={error} />}</Page>
  if (run === null) {
    return (
      <Page title="There is no such run">
        <Empty title={`No run has the id ${channelId}`}>
          <p>
            Its record may have been removed. All that there are: <Link href="/runs">Runs</Link>.
          </p>
        </Empty>
      </Page>
    )
  }
  return <Run key={channelId} run={run} refresh={refetch} />
}

interface RunProps {
  readonly run: NonNullable<RunDetailQuery['dispatch']>
  readonly refresh: () => unknown
}

function Run({ run, refresh }: RunProps) {
  const { channelId } = run
  const client = useBackchannel()
  const log = useRunLog(channelId)
  const [after, setAfter] = useState<string | null>(null)
  const [tab, setTab] = useState('Transcript')
  const [from, setFrom] = useState<{ readonly entry: MessageEntry; readonly title: string } | null>(null)
  const replay = useReplay(channelId, after, log.events)
  const { view, events } = replay ?? log
  const cancel = useChange(CancelRunDocument)
  // The log is ahead of what was read before it, unless that was the end.
  const status = hasEnded(run.status) ? run.status : (log.view.status ?? run.status)
  const isOver = hasEnded(status)
  const reached = log.view.reachedLimit ?? (status === 'WAITING' ? run.reachedLimit : null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with the status changes what is read beside the log
  useEffect(() => void refresh(), [log.view.status])

  const canFork = isOver && replay === null
  const actions = useCallback(
    (entry: MessageEntry) =>
      canFork && (
        <Button kind="quiet" onClick={() => setFrom({ entry, title: 'Fork from a message' })}>
          Fork from here
        </Button>
      ),
    [canFork],
  )
  const input = log.events.find(({ event }) => event.__typename === 'DispatchQueued')?.event
  const lastId = input?.__typename === 'DispatchQueued' ? input.messages.at(-1)?.id : undefined
  const again = log.view.entries.find(({ key }) => key === lastId)
  const pending = view.entries.filter((entry) => entry.kind === 'call' && entry.pending !== null).length
  return (
    <Page
      title={channelId}
      lead={
        <span className="run-lead">
          <StatusBadge status={status} />
          {pending > 0 && (
            <span className="run-pending">
              {pending === 1 ? 'A call waits' : `${pending} calls wait`} for an answer
            </span>
          )}
        </span>
      }
      actions={
        <>
          {run.conversationId !== null && <Link href={`/try/${run.conversationId}`}>Open the conversation</Link>}
          <Button
            disabled={!isOver || again?.kind !== 'message'}
            onClick={() => again?.kind === 'message' && setFrom({ entry: again, title: 'Run again' })}
          >
            Run again
          </Button>
          <Button kind="danger" disabled={isOver || cancel.isPending} onClick={() => cancel.mutate({ channelId })}>
            Cancel run
          </Button>
        </>
      }
    >
      <RunHeader run={run} view={log.view} />
      <Problem of={cancel.error ?? log.view.error ?? run.error} />
      {log.error !== null && (
        <Problem
          of={
            log.error.code === 'CURSOR_EXPIRED'
              ? { code: 'CURSOR_EXPIRED', message: 'The log of this run has been removed; what is left stands above.' }
              : log.error
          }
        />
      )}
      {reached !== null && !isOver && <RaiseLimit channelId={channelId} reached={reached} />}
      {after !== null && (
        <p className="callout" role="status">
          Replayed after <code>{after}</code>: {events.length} events so far.{' '}
          <Button onClick={() => setAfter(null)}>Show all</Button>
        </p>
      )}
      <TimelineView view={view} isOver={isOver} />
      <Tabs
        label="Parts of the run"
        selected={tab}
        onSelect={setTab}
        tabs={[
          {
            name: 'Transcript',
            panel: (
              <div role="log" aria-label="Conversation" aria-busy={!isOver}>
                <Transcript
                  entries={view.entries}
                  actions={actions}
                  answering={({ pending }) =>
                    pending !== null &&
                    (pending.call.answer === 'SUBMIT' ? (
                      <AnswerForm
                        call={pending.call}
                        meta={run.meta}
                        send={async (given) => {
                          await client.answer({ channelId, callId: pending.call.id, ...given })
                        }}
                      />
                    ) : (
                      <p className="hint">
                        Its answer is a message published on the channel <code>{pending.resultChannelId}</code>.
                      </p>
                    ))
                  }
                />
              </div>
            ),
          },
          { name: 'Events', panel: <EventsView events={events} onReplay={setAfter} /> },
        ]}
      />
      {from !== null && <StartDialog run={run} from={from.entry} title={from.title} onClose={() => setFrom(null)} />}
    </Page>
  )
}
