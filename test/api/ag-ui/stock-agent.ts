import { HttpAgent, type Message } from '@ag-ui/client'

type Input = Parameters<HttpAgent['run']>[0]

/** What a stock client gets for a run: a stream that may break off. */
export type Answers = (input: Input) => AsyncIterable<string>

/** The stock client, its own checks on, whose server is a function. */
export function stockAgent(threadId: string, initialMessages: Message[], answers: Answers): HttpAgent {
  return new HttpAgent({
    url: 'http://agent.test/ag-ui/default',
    threadId,
    initialMessages,
    fetch: async (_url, { body }) => {
      const frames = answers(JSON.parse(String(body)))[Symbol.asyncIterator]()
      const stream = new ReadableStream<Uint8Array>({
        async pull(controller) {
          try {
            const { done, value } = await frames.next()
            if (done === true) controller.close()
            else controller.enqueue(new TextEncoder().encode(value))
          } catch (error) {
            controller.error(error)
          }
        },
      })
      return bearingBreaks(new Response(stream, { headers: { 'content-type': 'text/event-stream' } }))
    },
  })
}

/**
 * The same response. The client cancels a body that has broken off, and leaves the rejection of that to nobody, besides that of its
 * run: without this it would end a process of Node.
 */
export function bearingBreaks(response: Response): Response {
  const { body } = response
  if (body === null) return response
  const getReader = () => {
    const reader = body.getReader()
    return { read: () => reader.read(), cancel: (reason?: unknown) => reader.cancel(reason).catch(() => {}) }
  }
  Object.defineProperty(response, 'body', { value: { getReader } })
  return response
}
