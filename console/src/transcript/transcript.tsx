import { memo, type ReactNode, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { formatNumber } from '../ui/format.ts'
import { CallView } from './call-view.tsx'
import type { Entry, MessageEntry } from './entry.ts'
import './transcript.css'

type MessageActions = (entry: MessageEntry) => ReactNode

interface TranscriptProps {
  readonly entries: readonly Entry[]
  /** Below a call that waits for an answer. */
  readonly answering?: ((entry: Extract<Entry, { kind: 'call' }>) => ReactNode) | undefined
  /** Beside a message of a person or a model. The same function as long as it says the same. */
  readonly actions?: MessageActions | undefined
}

/** A long run has thousands: its end is what is looked at. */
const shownAtFirst = 200

export function Transcript({ entries, answering, actions }: TranscriptProps) {
  const [most, setMost] = useState(shownAtFirst)
  const hidden = Math.max(0, entries.length - most)
  return (
    <ol className="transcript">
      {hidden > 0 && (
        <li>
          <Button onClick={() => setMost(most + shownAtFirst)}>Show earlier ({formatNumber(hidden)} more)</Button>
        </li>
      )}
      {entries.slice(hidden).map((entry) => (
        <li key={entry.key} className={`entry entry-${entry.kind}`}>
          {entry.kind === 'message' && <MessageView entry={entry} actions={actions} />}
          {entry.kind === 'call' && <CallView entry={entry}>{entry.pending !== null && answering?.(entry)}</CallView>}
          {entry.kind === 'notice' && <p className={`notice notice-${entry.tone}`}>{entry.text}</p>}
        </li>
      ))}
    </ol>
  )
}

const hasActions = ({ type, isComplete, isDiscarded }: MessageEntry) =>
  (type === 'USER' || type === 'BOT') && isComplete && !isDiscarded

const speakers: Record<MessageEntry['type'], string> = {
  USER: 'User',
  BOT: 'Model',
  REASONING: 'Reasoning',
  BACKSTORY: 'Backstory',
  CONTEXT: 'Context',
  INSTRUCTION: 'Instruction',
  CHECKPOINT: 'Checkpoint',
  ACTIVITY: 'Activity',
}

/** Messages that have not changed are the same objects, so that only what grows is drawn again. */
const MessageView = memo(function MessageView({
  entry,
  actions,
}: {
  readonly entry: MessageEntry
  readonly actions: MessageActions | undefined
}) {
  const { type, text, isComplete, isDiscarded } = entry
  const state = isDiscarded ? 'message-discarded' : isComplete ? '' : 'message-growing'
  const body = <p className="message-text">{text}</p>
  return (
    <div className={`message message-${type.toLowerCase()} ${state}`}>
      <p className="speaker">
        {speakers[type]}
        {isDiscarded && <span className="discarded-note">discarded: this text was taken back</span>}
      </p>
      {isDiscarded ? <del className="message-text">{text}</del> : type === 'REASONING' ? <Folded text={text} /> : body}
      {actions !== undefined && hasActions(entry) && <div className="message-actions">{actions(entry)}</div>}
    </div>
  )
})

/** Reasoning is long: its beginning is shown, the rest on demand. */
function Folded({ text }: { readonly text: string }) {
  const isShort = text.length <= 240
  if (isShort) return <p className="message-text">{text}</p>
  return (
    <details className="folded">
      <summary>
        <span className="folded-start">{text.slice(0, 160).trimEnd()}…</span>
      </summary>
      <p className="message-text">{text}</p>
    </details>
  )
}
