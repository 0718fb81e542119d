import { useChat } from '@ai-sdk/react'
import {
  DefaultChatTransport,
  getToolName,
  isToolUIPart,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
} from 'ai'
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

/** A call that a person decides: with its buttons, then with what became of it. */
function Call({ part, choices }) {
  if (part.state === 'input-available' || part.state === 'approval-requested') {
    return Object.entries(choices).map(([word, choose]) => (
      <button key={word} type="button" onClick={choose}>
        {word}
      </button>
    ))
  }
  if (part.state === 'output-denied') return <em>Denied</em>
  return <em>{part.state === 'output-available' ? String(part.output) : part.errorText}</em>
}

function Chat() {
  const chat = useChat({
    id: conversationId,
    messages: history,
    transport,
    resume: true,
    sendAutomaticallyWhen: (now) =>
      lastAssistantMessageIsCompleteWithToolCalls(now) || lastAssistantMessageIsCompleteWithApprovalResponses(now),
    // Some proxies end a connection cleanly that was cut. Only an answer with a reason has ended.
    onFinish: ({ finishReason, isAbort, isError }) => {
      if (finishReason === undefined && !isAbort && !isError) setTimeout(resumeStream)
    },
  })
  const { messages, status, error, sendMessage, regenerate, resumeStream } = chat
  useEffect(() => {
    if (!(error instanceof TypeError)) return
    const timer = setTimeout(resumeStream, 1000)
    return () => clearTimeout(timer)
  }, [error, resumeStream])

  const isBusy = status === 'submitted' || status === 'streaming'
  const say = (form) => void sendMessage({ text: form.get('text') })
  // The answer ends as far as it came, for every page that shows it.
  const stop = async () => fetch(`${api}/${conversationId}/stop`, { method: 'POST', headers: await headers() })
  const answer = ({ toolCallId }, output) => chat.addToolOutput({ tool: 'ask_human', toolCallId, output })
  const decide = ({ approval }, approved) => chat.addToolApprovalResponse({ id: approval.id, approved })
  return (
    <main>
      <div>
        <ol aria-live="polite">
          {messages.map(({ id, role, parts }) => (
            <li key={id} className={role}>
              {parts.map((part, index) => {
                const key = `${id} ${index}`
                if (part.type === 'text') return <span key={key}>{part.text}</span>
                if (!isToolUIPart(part)) return null
                if (part.approval !== undefined) {
                  const choices = { Approve: () => decide(part, true), Deny: () => decide(part, false) }
                  return (
                    <span key={key}>
                      {getToolName(part)} {JSON.stringify(part.input)} <Call part={part} choices={choices} />
                    </span>
                  )
                }
                if (getToolName(part) !== 'ask_human') return null
                const choices = { Yes: () => answer(part, 'Yes'), No: () => answer(part, 'No') }
                return <Call key={key} part={part} choices={choices} />
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
