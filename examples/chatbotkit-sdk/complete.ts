import type { ChatBotKit } from '@chatbotkit/sdk'

/** One request for a complete answer. It is also a run in the background. */
export async function complete(client: ChatBotKit, text: string): Promise<string> {
  const { text: answer } = await client.conversation.complete(null, { messages: [{ type: 'user', text }] })
  return answer
}

/** The same answer, streamed as it grows. */
export async function streamCompletion(
  client: ChatBotKit,
  text: string,
  onToken: (token: string) => void,
): Promise<void> {
  for await (const event of client.conversation.complete(null, { messages: [{ type: 'user', text }] }).stream()) {
    if (event.type === 'token') onToken(event.data.token)
  }
}
