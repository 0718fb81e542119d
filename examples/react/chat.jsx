import { createBackchannel } from 'backchannel-client'
import { BackchannelProvider, useChannel, useDispatch } from 'backchannel-client/react'

function Chat() {
  const { dispatch, channelId } = useDispatch(location.hash.slice(1))
  const { messages, status, stop } = useChannel(channelId)
  const send = async (form) => {
    location.hash = (await dispatch(form.get('text'))).channelId
  }
  const shown = messages.filter(({ type }) => type === 'USER' || type === 'BOT')
  return (
    <form action={send}>
      {shown.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
      <input name="text" />
      <button type="submit">Send</button>
      <button type="button" onClick={() => stop()}>
        Stop
      </button>
      {status}
    </form>
  )
}

const client = createBackchannel({ url: '/graphql' })

export const page = (
  <BackchannelProvider client={client}>
    <Chat />
  </BackchannelProvider>
)
