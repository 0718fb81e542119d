import type { ChatBotKit } from '@chatbotkit/sdk'

/** The events of a channel that this client uses. The SDK types them only as `object`. */
type RunEvent =
  | { readonly type: 'token'; readonly data: { readonly token: string } }
  | { readonly type: 'messageDiscarded'; readonly data: object }
  | {
      readonly type: 'waitForChannelMessageBegin'
      readonly data: { readonly channel: string; readonly function: { readonly name: string; readonly args: unknown } }
    }
  | { readonly type: 'error'; readonly data: { readonly message: string; readonly code?: string } }
  | { readonly type: 'result'; readonly data: { readonly text: string; readonly end: { readonly reason: string } } }

export interface FollowOptions {
  readonly onToken: (token: string) => void
  /** Returns the answer to a function call. */
  readonly call: (name: string, args: unknown) => Promise<unknown>
}

/**
 * Follows a run from its beginning, even if it starts late, and answers its functions. Resolves to how the run ended.
 */
export async function follow(client: ChatBotKit, channelId: string, { onToken, call }: FollowOptions): Promise<string> {
  for await (const event of client.channel.subscribe(channelId).stream()) {
    // `nop` and `ping` only show that the connection is alive.
    if (event.type !== 'message') continue
    const { type, data } = event.data as RunEvent
    if (type === 'token') onToken(data.token)
    // The provider broke off: the text since the last `completeBegin` will be written again.
    else if (type === 'messageDiscarded') onToken('\n')
    else if (type === 'waitForChannelMessageBegin') {
      const message = { result: await call(data.function.name, data.function.args) }
      await client.channel.publish(data.channel, { message })
    } else if (type === 'error') throw new Error(data.message)
    else if (type === 'result') return data.end.reason
  }
  throw new Error('The stream ended before the run did: follow it again.')
}
