import { createBackchannel } from 'backchannel-client'
import { BackchannelProvider, useConversation } from 'backchannel-client/react'
import { createRoot } from 'react-dom/client'
import './chat.css'

const myChat = async () => (await fetch('/my-chat')).json()
const { conversationId } = await myChat()
// Asked again when a token expires.
const client = createBackchannel({ url: '/graphql', credentials: async () => (await myChat()).token })

function Chat() {
  const { messages, status, error, isReconnecting, send, stop } = useConversation(conversationId)
  const shown = messages.filter(({ type }) => type === 'USER' || type === 'BOT')
  const question = shown.findLast(({ type }) => type === 'USER')
  const isBusy = status === 'QUEUED' || status === 'RUNNING' || status === 'WAITING'
  // What is said while the bot talks interrupts it.
  const say = (form) =>
    send({ messages: [{ type: 'USER', text: form.get('text') }], whenBusy: 'INTERRUPT' }).catch(() => {})
  const regenerate = () => send({ messages: [], continuesUpTo: question.id, whenBusy: 'INTERRUPT' }).catch(() => {})
  return (
    <main>
      <div>
        <ol aria-live="polite">
          {shown.map(({ id, type, text }) => (
            <li key={id} className={type}>
              {text}
            </li>
          ))}
        </ol>
      </div>
      <form action={say}>
        <input name="text" aria-label="Message" autoComplete="off" required />
        <button type="submit">Send</button>
        {isBusy ? (
          <button type="button" onClick={() => stop()}>
            Stop
          </button>
        ) : (
          <button type="button" onClick={regenerate} disabled={question === undefined}>
            Regenerate
          </button>
        )}
      </form>
      <output>{error?.message ?? (isReconnecting ? 'Reconnecting …' : status)}</output>
    </main>
  )
}

createRoot(document.getElementById('root')).render(
  <BackchannelProvider client={client}>
    <Chat />
  </BackchannelProvider>,
)
