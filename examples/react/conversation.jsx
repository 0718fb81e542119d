import { createBackchannel } from 'backchannel-client'
import { BackchannelProvider, useConversation } from 'backchannel-client/react'

function Chat() {
  const { messages, status, error, send, stop } = useConversation(location.hash.slice(1))
  const shown = messages.filter(({ type }) => type === 'USER' || type === 'BOT')
  return (
    <form action={(form) => send(form.get('text'))}>
      {shown.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
      <input name="text" />
      <button type="submit">Send</button>
      <button type="button" onClick={() => stop()}>
        Stop
      </button>
      {error?.message ?? status}
    </form>
  )
}

const client = createBackchannel({ url: '/graphql' })

export const page = (
  <BackchannelProvider client={client}>
    <Chat />
  </BackchannelProvider>
)
