import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { type RunDetailQuery, StartRunDocument } from '../generated/operations.ts'
import { useChange } from '../service/use-request.ts'
import type { MessageEntry } from '../transcript/entry.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextArea, TextField } from '../ui/field.tsx'
import { Problem } from '../ui/problem.tsx'

type Detail = NonNullable<RunDetailQuery['dispatch']>

interface StartDialogProps {
  readonly run: Detail
  /** The last message that the new run begins with. */
  readonly from: MessageEntry
  readonly title: string
  readonly onClose: () => void
}

/** Another run that begins with this one's transcript up to a message. */
export function StartDialog({ run, from, title, onClose }: StartDialogProps) {
  const [, navigate] = useLocation()
  const [text, setText] = useState('')
  const [model, setModel] = useState(run.model)
  const { mutate, error, isPending } = useChange(StartRunDocument)
  const needsText = from.type === 'BOT'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const input = {
      continues: run.channelId,
      continuesUpTo: from.key,
      messages: text.trim() === '' ? [] : [{ type: 'USER' as const, text }],
      model,
      ...(run.bot !== null && { botId: run.bot.id }),
      ...(run.contact !== null && { contactId: run.contact.id }),
      ...(run.meta !== null && { meta: run.meta }),
    }
    mutate({ input }, { onSuccess: ({ dispatchConversation }) => navigate(`/runs/${dispatchConversation.channelId}`) })
  }
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <p className="muted">
          The transcript is taken up to “{from.text.slice(0, 120)}
          {from.text.length > 120 ? '…' : ''}”. Functions and limits that came with the dispatch are not kept by the
          API, so the new run has those of its bot alone.
        </p>
        <TextArea
          label={needsText ? 'Next message' : 'Next message (optional)'}
          rows={3}
          value={text}
          onChange={setText}
        />
        <TextField label="Model" value={model} onChange={setModel} className="input mono" />
        <Problem of={error} />
        <div>
          <Button type="submit" kind="primary" disabled={isPending || (needsText && text.trim() === '')}>
            Start
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
