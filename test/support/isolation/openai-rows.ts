import type { EndpointRow } from './isolation-endpoints.ts'
import type { Things } from './isolation-things.ts'

const none = async () => ({})
const onWaiting = async (things: Things) => ({ ...(await things.waiting()) })
const path = '/openai/v1/responses'

/** A channel's token is for the channel whose response it is. */
export const openaiRows: readonly EndpointRow[] = [
  { name: 'GET /openai/v1/models', parameters: none },
  { name: 'GET /openai/v1/models/:model', parameters: async () => ({ model: 'demo' }) },
  { name: `POST ${path}`, parameters: none, body: () => ({ input: 'Hi' }) },
  {
    name: `POST ${path} into a conversation`,
    parameters: async ({ conversation }) => ({ conversationId: await conversation() }),
    body: ({ conversationId }) => ({ input: 'Hi', conversation: conversationId }),
    conversation: 'DISPATCH',
  },
  {
    name: `POST ${path} after another`,
    parameters: async ({ ended }) => ({ channelId: await ended() }),
    body: ({ channelId }) => ({ input: 'Hi', previous_response_id: `resp_${channelId}` }),
  },
  {
    name: `POST ${path} with an output`,
    parameters: onWaiting,
    body: ({ channelId, callId }) => ({
      input: [{ type: 'function_call_output', call_id: callId, output: 'an answer' }],
      previous_response_id: `resp_${channelId}`,
    }),
    token: 'ANSWER',
  },
  {
    name: `POST ${path} with an item of another`,
    parameters: onWaiting,
    body: ({ channelId, callId }) => ({
      input: [
        { type: 'item_reference', id: `fc_${callId?.replace('call_', '')}.${channelId}` },
        { role: 'user', content: 'Hi' },
      ],
    }),
  },
  { name: `GET ${path}/:id`, parameters: onWaiting, token: 'READ' },
  { name: `GET ${path}/:id?stream=true`, parameters: onWaiting, token: 'READ' },
  { name: `GET ${path}/:id/input_items`, parameters: onWaiting, token: 'READ' },
  { name: `POST ${path}/:id/cancel`, parameters: onWaiting, token: 'CANCEL' },
  { name: `DELETE ${path}/:id`, parameters: async ({ ended }) => ({ channelId: await ended() }) },
]
