import type { ChatBotKit } from '@chatbotkit/sdk'

/**
 * The channel for answers to `get_weather`, and the channel of the run. The client chooses both, so that sending the
 * dispatch twice creates one run.
 */
export interface Channels {
  readonly run: string
  readonly weather: string
}

/** The null is required: without it the SDK drops the request. */
export async function dispatch(client: ChatBotKit, text: string, channels: Channels): Promise<string> {
  const { channelId } = await client.conversation.dispatch(null, {
    messages: [{ type: 'user', text }],
    functions: [
      {
        name: 'get_weather',
        description: 'Tells the weather of a place.',
        parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
        result: { channel: channels.weather },
      },
    ],
    channelId: channels.run,
  })
  return channelId
}
