import { createIds } from './ids.ts'
import { randomText } from './random-text.ts'

/** What the terminal shows at start: where to look, and a line that works as it stands. */
export function welcome(url: string, isDurable: boolean): string {
  const channelId = createIds(randomText).channelId()
  const dispatch = `mutation { dispatchConversation(input: { channelId: \\"${channelId}\\", messages: [{ type: USER, text: \\"Hello!\\" }] }) { channelId } }`
  const watch = `subscription { channelEvents(channelId: \\"${channelId}\\") { __typename ... on TextDelta { text } } }`
  const engine = isDurable
    ? 'Runs are kept in Redis.'
    : 'Embedded engine: everything is kept in this process and is gone when it exits. Set REDIS_URL to keep it.'
  return `
Backchannel is up. ${engine}

  GraphiQL   ${url}/graphql
  Try it     curl -s ${url}/graphql -H 'content-type: application/json' -d '{"query":"${dispatch}"}' &&
             curl -N ${url}/graphql -H 'content-type: application/json' -H 'accept: text/event-stream' -d '{"query":"${watch}"}'

`
}
