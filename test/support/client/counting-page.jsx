import { createBackchannel } from 'backchannel-client'
import { BackchannelProvider, useChannel } from 'backchannel-client/react'
import { createRoot } from 'react-dom/client'

/** How often the page rendered in each frame, and how long that took. Milliseconds. */
const frames = [{ renders: 0, ms: 0 }]
globalThis.frames = frames
let begunAt = performance.now()
requestAnimationFrame(function next() {
  const now = performance.now()
  frames.at(-1).ms = now - begunAt
  begunAt = now
  frames.push({ renders: 0, ms: 0 })
  requestAnimationFrame(next)
})

function Answer() {
  const { messages, status } = useChannel(location.hash.slice(1))
  frames.at(-1).renders += 1
  return <p id={status}>{messages.map(({ text }) => text)}</p>
}

const tokens = 10_000
const answers = {
  /** A run of which nothing is known yet. */
  'application/json': () => Response.json({ data: { dispatch: null } }),
  /** Half of it in one piece of the network, and half in as many pieces as there are tokens. */
  'text/event-stream'() {
    const encode = (text) => new TextEncoder().encode(text)
    const event = (index, fields) => {
      const channelEvents = { cursor: `c${index}`, at: '2026-11-30T00:00:00Z', ...fields }
      return `event: next\ndata: ${JSON.stringify({ data: { channelEvents } })}\n\n`
    }
    const token = (index) =>
      event(index, {
        __typename: 'TextDelta',
        messageId: 'm',
        position: index * 2,
        text: index % 10 === 9 ? '.\n' : 'a ',
      })
    const body = new ReadableStream({
      async start(controller) {
        let piece = event('start', { __typename: 'DispatchStarted', attempt: 1, model: 'replay' })
        for (let index = 0; index < tokens / 2; index += 1) piece += token(index)
        controller.enqueue(encode(piece))
        const channel = new MessageChannel()
        for (let index = tokens / 2; index < tokens; index += 1) {
          controller.enqueue(encode(token(index)))
          // Another task for each.
          await new Promise((resolve) => {
            channel.port1.onmessage = resolve
            channel.port2.postMessage(null)
          })
        }
        const usage = {}
        controller.enqueue(encode(event('end', { __typename: 'DispatchCompleted', result: {}, usage })))
        controller.enqueue(encode('event: complete\n\n'))
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  },
}
const replaying = { transport: 'sse', fetch: async (_url, { headers }) => answers[headers.accept]() }
const client = createBackchannel({ url: '/graphql', ...(location.hash === '#replay' ? replaying : {}) })

createRoot(document.getElementById('root')).render(
  <BackchannelProvider client={client}>
    <Answer />
  </BackchannelProvider>,
)
