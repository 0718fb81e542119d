import { useChat } from '@ai-sdk/react'
import { DefaultChatTransport, isToolUIPart, lastAssistantMessageIsCompleteWithToolCalls } from 'ai'
import { useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import './chat.css'

const api = '/ai-sdk/chat'
const myChat = async () => (await fetch('/my-chat')).json()
/** Asked for each request, because tokens expire. */
const headers = async () => {
  const { token } = await myChat()
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}
const { conversationId, body } = await myChat()
const history = await (await fetch(`${api}/${conversationId}/messages`, { headers: await headers() })).json()
const transport = new DefaultChatTransport({ api, headers, body })

function Chat() {
  const { messages, status, error, sendMessage, regenerate, addToolOutput, resumeStream } = useChat({
    id: conversationId,
    messages: history,
    transport,
    resume: true,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    // Some proxies end a connection cleanly that was cut. Only an answer with a reason has ended.
    onFinish: ({ finishReason, isAbort, isError }) => {
      if (finishReason === undefined && !isAbort && !isError) setTimeout(resumeStream)
    },
  })
  useEffect(() => {
    if (!(error instanceof TypeError)) return
    const timer = setTimeout(resumeStream, 1000)
    return () => clearTimeout(timer)
  }, [error, resumeStream])

  const isBusy = status === 'submitted' || status === 'streaming'
  const say = (form) => void sendMessage({ text: form.get('text') })
  // The answer ends as far as it came, for every page that shows it.
  const stop = async () => fetch(`${api}/${conversationId}/stop`, { method: 'POST', headers: await headers() })
  const answer = (part, output) => addToolOutput({ tool: 'ask_human', toolCallId: part.toolCallId, output })
  return (
    <main>
      <div>
        <ol aria-live="polite">
          {messages.map(({ id, role, parts }) => (
            <li key={id} className={role}>
              {parts.map((part, index) => {
                const key = `${id} ${index}`
                if (part.type === 'text') return <span key={key}>{part.text}</span>
                if (part.type !== 'tool-ask_human' || !isToolUIPart(part)) return null
                if (part.state !== 'input-available') return <em key={key}>{String(part.output)}</em>
                return ['Yes', 'No'].map((word) => (
                  <button key={`${key} ${word}`} type="button" onClick={() => answer(part, word)}>
                    {word}
                  </button>
                ))
              })}
            </li>
          ))}
        </ol>
      </div>
      <form action={say}>
        <input name="text" aria-label="Message" autoComplete="off" required />
        <button type="submit">Send</button>
        {isBusy ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : (
          <button type="button" onClick={() => regenerate()} disabled={messages.length === 0}>
            Regenerate
          </button>
        )}
      </form>
      <output>{error === undefined ? status : error.message}</output>
    </main>
  )
}

createRoot(document.getElementById('root')).render(<Chat />)
