import { createIds } from '../kernel/ids.ts'
import { randomText } from '../kernel/random-text.ts'

export interface WelcomeOptions {
  readonly engine: { readonly title: string; readonly isDurable: boolean }
  readonly hasKeys: boolean
}

/**
 * The text that the terminal shows at start: the address, and a command that works as it stands, except for a key if
 * the server has keys.
 */
export function welcome(url: string, { engine, hasKeys }: WelcomeOptions): string {
  const channelId = createIds(randomText).channelId()
  const dispatch = `mutation { dispatchConversation(input: { channelId: \\"${channelId}\\", messages: [{ type: USER, text: \\"Hello!\\" }] }) { channelId } }`
  const watch = `subscription { channelEvents(channelId: \\"${channelId}\\") { __typename ... on TextDelta { text } } }`
  const kept = engine.isDurable
    ? `Runs are kept in ${engine.title}.`
    : 'Embedded engine: everything is kept in this process and is gone when it exits. Set REDIS_URL to keep it.'
  const key = hasKeys ? " -H 'authorization: Bearer YOUR_KEY'" : ''
  return `
Backchannel is up. ${kept}

  GraphiQL   ${url}/graphql
  Try it     curl -s ${url}/graphql${key} -H 'content-type: application/json' -d '{"query":"${dispatch}"}' &&
             curl -N ${url}/graphql${key} -H 'content-type: application/json' -H 'accept: text/event-stream' -d '{"query":"${watch}"}'

`
}
