import { ChatBotKit } from '@chatbotkit/sdk'
import type { Service } from './service/start-service.ts'

/** An event as the SDK yields it. Its own types know less than what is sent. */
export interface SdkEvent {
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: any JSON, as the SDK's users get it
  readonly data: any
  readonly createdAt?: number
}

/** The unmodified SDK against our service. */
export function connect({ url }: Pick<Service, 'url'>, options: { readonly timezone?: string } = {}): ChatBotKit {
  return new ChatBotKit({ secret: 'sk-test', baseUrl: url, ...options })
}

/** Whatever a stream of the SDK yields, to its end. */
export async function all(stream: AsyncIterable<unknown>): Promise<SdkEvent[]> {
  const events: SdkEvent[] = []
  for await (const event of stream) events.push(event as SdkEvent)
  return events
}

/** The events of a channel, out of the messages that they come in. */
export function unwrapped(events: readonly SdkEvent[]): SdkEvent[] {
  return events.flatMap(({ type, data }) => (type === 'message' ? [data as SdkEvent] : []))
}

export function subscribed(client: ChatBotKit, channelId: string, request?: { historyLength: number }) {
  return all(client.channel.subscribe(channelId, request).stream())
}

/** The types in order, tokens in a row as one. */
export function outline(events: readonly SdkEvent[]): string[] {
  const types = events.map(({ type, data }) => (type === 'message' ? `message ${data.type}` : type))
  return types.filter((type, index) => !type.endsWith('oken') || type !== types[index - 1])
}

/** What a request is that the types of the SDK do not know whole. */
export function request(fields: object): never {
  return { messages: [{ type: 'user', text: 'Hi' }], ...fields } as never
}

export function wireFunction(name: string, fields: object = {}): object {
  return { name, description: 'For the test.', parameters: { type: 'object', properties: {} }, ...fields }
}
