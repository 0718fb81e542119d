import type { ChatBotKit } from '@chatbotkit/sdk'

/** The channel of the answers to `get_weather`, and that of the run: chosen here, so that sending it twice is one run. */
export interface Channels {
  readonly run: string
  readonly weather: string
}

/** Note the null: a dispatch without it would lose its request. */
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
