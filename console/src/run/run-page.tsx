import { useChannel } from 'backchannel-client/react'
import { useParams } from 'wouter'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { Problem } from '../ui/problem.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'

export default function RunPage() {
  const { channelId = '' } = useParams()
  const { status, messages, error, stop } = useChannel(channelId)
  return (
    <Page title={channelId} actions={<Button onClick={() => void stop()}>Cancel run</Button>}>
      {status !== null && <StatusBadge status={status} />}
      <Problem of={error} />
      {messages.map(({ id, type, text }) => (
        <p key={id}>
          {type}: {text}
        </p>
      ))}
    </Page>
  )
}
