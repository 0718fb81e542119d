import { ChatBotKit } from '@chatbotkit/sdk'

/** The vendor's own SDK, pointed at this service: only `baseUrl` is new. A server without API keys minds no secret. */
export function createClient(url: string): ChatBotKit {
  return new ChatBotKit({ secret: process.env['CHATBOTKIT_API_SECRET'] ?? 'none', baseUrl: url })
}
