import type { EndpointRow } from './isolation-endpoints.ts'
import type { Things } from './isolation-things.ts'

const parameters = async ({ conversation }: Things) => ({ conversationId: await conversation() })

/** What the AI SDK's transports ask for, and what belongs to it. */
export const aiSdkRows: readonly EndpointRow[] = [
  {
    name: 'post /ai-sdk/chat',
    parameters,
    body: ({ conversationId }) => ({
      id: conversationId,
      messages: [{ id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    }),
    conversation: 'DISPATCH',
  },
  { name: 'get /ai-sdk/chat/{conversationId}/stream', parameters, conversation: 'READ' },
  { name: 'get /ai-sdk/chat/{conversationId}/messages', parameters, conversation: 'READ' },
  { name: 'post /ai-sdk/chat/{conversationId}/stop', parameters, conversation: 'CANCEL' },
]
