import { useConversation } from 'backchannel-client/react'
import { type FormEvent, useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { Button } from '../ui/button.tsx'
import { TextArea } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'
import { Problem } from '../ui/problem.tsx'
import { newId } from './new-id.ts'

export default function TryPage() {
  const { conversationId } = useParams()
  const [fresh] = useState(newId)
  const [, navigate] = useLocation()
  const { messages, error, send, stop } = useConversation(conversationId ?? fresh)
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void send(text)
    setText('')
    if (conversationId === undefined) navigate(`/try/${fresh}`, { replace: true })
  }
  return (
    <Page title="Try">
      <div role="log" aria-label="Conversation">
        {messages.map((message) => (
          <p key={message.id}>{message.text}</p>
        ))}
      </div>
      <Problem of={error} />
      <form onSubmit={submit}>
        <TextArea label="Message" value={text} onChange={setText} />
        <Button type="submit" kind="primary">
          Send
        </Button>
        <Button onClick={() => void stop()}>Stop</Button>
      </form>
    </Page>
  )
}
