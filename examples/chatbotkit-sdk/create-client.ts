import { ChatBotKit } from '@chatbotkit/sdk'

/** The vendor's SDK, pointed at this service by `baseUrl`. A server without API keys ignores the secret. */
export function createClient(url: string): ChatBotKit {
  return new ChatBotKit({ secret: process.env['CHATBOTKIT_API_SECRET'] ?? 'none', baseUrl: url })
}
