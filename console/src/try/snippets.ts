import type { DispatchConversationInput } from 'backchannel-client'

export interface Snippet {
  readonly name: 'GraphQL' | 'curl' | 'React'
  readonly code: string
}

interface Request {
  readonly input: DispatchConversationInput
  /** Of the GraphQL endpoint. */
  readonly url: string
  /** Whether the server takes keys; the key itself is never in a snippet. */
  readonly hasKey: boolean
}

const mutation = `mutation Dispatch($input: DispatchConversationInput!) {
  dispatchConversation(input: $input) { channelId }
}`

/** What Send does, for those who write it themselves. */
export function snippetsOf({ input, url, hasKey }: Request): readonly Snippet[] {
  return [
    { name: 'GraphQL', code: `${mutation}\n\n# Variables\n${JSON.stringify({ input }, null, 2)}\n` },
    { name: 'curl', code: curlOf(input, url, hasKey) },
    { name: 'React', code: reactOf(input, url, hasKey) },
  ]
}

function curlOf(input: DispatchConversationInput, url: string, hasKey: boolean): string {
  const body = JSON.stringify({ query: mutation.replace(/\s+/g, ' '), variables: { input } })
  const key = hasKey ? ` \\\n  -H 'authorization: Bearer YOUR_KEY'` : ''
  return `curl -s ${url} \\\n  -H 'content-type: application/json'${key} \\\n  -d '${body.replaceAll("'", `'\\''`)}'\n`
}

function reactOf({ messages, ...extras }: DispatchConversationInput, url: string, hasKey: boolean): string {
  const { conversationId = 'my-first-conversation', ...rest } = extras
  const settings = Object.keys(rest).length === 0 ? '' : `, ...settings`
  const declared = settings === '' ? '' : `\nconst settings = ${JSON.stringify(rest, null, 2)}\n`
  const key = hasKey ? `, credentials: fetchToken /* never an API key in a page */` : ''
  const text = JSON.stringify(messages[0]?.text ?? 'Hello!')
  return `import { createBackchannel } from 'backchannel-client'
import { BackchannelProvider, useConversation } from 'backchannel-client/react'

const client = createBackchannel({ url: '${url}'${key} })
${declared}
function Chat() {
  const { messages, send, stop } = useConversation('${conversationId}')
  return (
    <>
      <ul>{messages.map((message) => <li key={message.id}>{message.text}</li>)}</ul>
      <button onClick={() => send({ messages: [{ type: 'USER', text: ${text} }]${settings} })}>Send</button>
      <button onClick={() => stop()}>Stop</button>
    </>
  )
}

export const App = () => <BackchannelProvider client={client}><Chat /></BackchannelProvider>
`
}
