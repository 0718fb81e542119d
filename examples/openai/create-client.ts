import OpenAI from 'openai'

/** OpenAI's client, pointed at this service. A server without API keys ignores the key. */
export function createClient(url: string): OpenAI {
  return new OpenAI({ apiKey: process.env['BACKCHANNEL_API_KEY'] ?? 'none', baseURL: `${url}/openai/v1` })
}
