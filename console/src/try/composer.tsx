import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { Button } from '../ui/button.tsx'

/** While an input method composes a word, Enter ends the word. Safari says so by the code of the key alone. */
const isComposing = ({ isComposing, keyCode }: globalThis.KeyboardEvent) => isComposing || keyCode === 229

interface ComposerProps {
  readonly isBusy: boolean
  readonly canSend: boolean
  readonly onSend: (text: string) => void
  readonly onStop: () => void
}

/** Where a message is written. Enter sends it, with Shift it begins a line. */
export function Composer({ isBusy, canSend, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState('')
  const isReady = canSend && text.trim() !== ''
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (!isReady) return
    onSend(text)
    setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event.nativeEvent)) return
    event.preventDefault()
    submit()
  }
  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        className="input composer-text"
        aria-label="Message"
        placeholder="Say something…"
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="composer-buttons">
        <Button type="submit" kind="primary" disabled={!isReady}>
          Send
        </Button>
        <Button onClick={onStop} disabled={!isBusy}>
          Stop
        </Button>
      </div>
    </form>
  )
}
