import { createIds } from '../kernel/ids.ts'
import { randomText } from '../kernel/random-text.ts'

export interface WelcomeOptions {
  readonly engine: { readonly title: string; readonly isDurable: boolean }
  readonly hasKeys: boolean
}

/** What the terminal shows at start: where to look, and a line that works as it stands, but for a key where one is needed. */
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
