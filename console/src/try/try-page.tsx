import { BackchannelError } from 'backchannel-client'
import { useConversation } from 'backchannel-client/react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Link, useLocation, useParams } from 'wouter'
import { AnswerForm } from '../answer/answer-form.tsx'
import { newId } from '../service/new-id.ts'
import { useReport, useSession } from '../service/service-provider.tsx'
import { entriesOf } from '../transcript/activity.ts'
import type { MessageEntry } from '../transcript/entry.ts'
import { Transcript } from '../transcript/transcript.tsx'
import { Button } from '../ui/button.tsx'
import { Problem } from '../ui/problem.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { useMedia } from '../ui/use-media.ts'
import { Beginnings } from './beginnings.tsx'
import { Composer } from './composer.tsx'
import { inputOf, type Settings } from './settings.ts'
import { SettingsPanel } from './settings-panel.tsx'
import { snippetsOf } from './snippets.ts'
import { useSettings } from './use-settings.ts'
import { useStickToEnd } from './use-stick-to-end.ts'
import './try.css'

export default function TryPage() {
  const { conversationId: given } = useParams()
  const [fresh, setFresh] = useState(newId)
  const conversationId = given ?? fresh
  const [, navigate] = useLocation()
  const { credential } = useSession()
  const { messages, pendingCalls, status, error, channelId, isSending, isReconnecting, send, stop, answer } =
    useConversation(conversationId)
  const [settings, change] = useSettings()
  const isWide = useMedia('(min-width: 1100px)')
  const [isAsked, setIsAsked] = useState<boolean | null>(null)
  const isPanelOpen = isAsked ?? isWide
  const reading = useMemo(() => inputOf(settings), [settings])
  const entries = useMemo(() => entriesOf(messages, pendingCalls), [messages, pendingCalls])
  const log = useStickToEnd(entries)
  const report = useReport()
  useEffect(() => report(error), [report, error])
  const isBusy = isSending || status === 'QUEUED' || status === 'RUNNING' || status === 'WAITING'

  const dispatch = useCallback(
    async (input: Parameters<typeof send>[0]) => {
      navigate(`/try/${conversationId}`, { replace: given === undefined })
      // The address has this id from now on: the next beginning needs another.
      if (given === undefined) setFresh(newId())
      await send(input).catch((failure: unknown) => {
        // The conversation shows it.
        if (!(failure instanceof BackchannelError)) throw failure
      })
    },
    [send, conversationId, given, navigate],
  )
  const say = (text: string, changes: Partial<Settings> = {}) => {
    const now = inputOf({ ...settings, ...changes })
    change(changes)
    if (now.kind === 'input') void dispatch({ ...now.input, messages: [{ type: 'USER', text }] })
  }
  const lastAnswer = messages.findLast(({ type }) => type === 'BOT')?.id
  const lastQuestion = messages.findLast(({ type }) => type === 'USER')?.id
  const actions = useCallback(
    ({ key }: MessageEntry) =>
      key === lastAnswer &&
      !isBusy &&
      lastQuestion !== undefined &&
      reading.kind === 'input' && (
        <Button
          kind="quiet"
          onClick={() => void dispatch({ ...reading.input, messages: [], continuesUpTo: lastQuestion })}
        >
          Regenerate
        </Button>
      ),
    [lastAnswer, lastQuestion, isBusy, reading, dispatch],
  )
  const meta = reading.kind === 'input' ? reading.input.meta : null
  const snippets = snippetsOf({
    input: {
      ...(reading.kind === 'input' && reading.input),
      conversationId,
      messages: [{ type: 'USER', text: messages.findLast(({ type }) => type === 'USER')?.text ?? 'Hello!' }],
    },
    url: new URL('/graphql', location.href).href,
    hasKey: credential !== null,
  })

  return (
    <div className={`try ${isPanelOpen ? 'try-open' : ''}`}>
      <div className="try-main">
        <div className="try-head">
          <h1>Try</h1>
          {status !== null && <StatusBadge status={status} />}
          {isReconnecting && <span className="muted">Reconnecting…</span>}
          <div className="page-actions try-head-actions">
            {channelId !== null && <Link href={`/runs/${channelId}`}>Open the run</Link>}
            <Button onClick={() => navigate('/')} disabled={given === undefined}>
              New conversation
            </Button>
            <Button aria-expanded={isPanelOpen} aria-controls="try-panel" onClick={() => setIsAsked(!isPanelOpen)}>
              Settings
            </Button>
          </div>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
        <div ref={log} className="try-log" role="log" aria-label="Conversation" aria-busy={isBusy} tabIndex={0}>
          {entries.length === 0 ? (
            <Beginnings onBegin={say} />
          ) : (
            <Transcript
              entries={entries}
              actions={actions}
              answering={({ pending }) =>
                pending !== null && (
                  <AnswerForm call={pending.call} meta={meta} send={(given) => answer(pending.call.id, given)} />
                )
              }
            />
          )}
        </div>
        <Problem of={error ?? (reading.kind === 'problem' ? reading : null)} />
        <Composer
          isBusy={isBusy}
          canSend={reading.kind === 'input'}
          onSend={(text) => say(text)}
          onStop={() => void stop()}
        />
      </div>
      {isPanelOpen && (
        <aside id="try-panel" className="try-panel" aria-label="Settings">
          <SettingsPanel settings={settings} onChange={change} snippets={snippets} />
        </aside>
      )}
    </div>
  )
}
