import type { EndpointRow } from './isolation-endpoints.ts'
import type { Things } from './isolation-things.ts'

const parameters = async ({ conversation }: Things) => ({ agent: 'default', conversationId: await conversation() })

/** What an AG-UI client asks for, and what belongs to it. */
export const agUiRows: readonly EndpointRow[] = [
  {
    name: 'post /ag-ui/{agent}',
    parameters,
    body: ({ conversationId }) => ({
      threadId: conversationId,
      runId: crypto.randomUUID(),
      messages: [{ id: crypto.randomUUID(), role: 'user', content: 'Hi' }],
    }),
    conversation: 'DISPATCH',
  },
  {
    name: 'post /ag-ui/{agent}/stop',
    parameters,
    body: ({ conversationId }) => ({ threadId: conversationId }),
    conversation: 'CANCEL',
  },
]
