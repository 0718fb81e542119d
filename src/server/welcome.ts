import { createIds } from '../kernel/ids.ts'
import { randomText } from '../kernel/random-text.ts'

export interface WelcomeOptions {
  readonly kept: { readonly isDurable: boolean; readonly where: string; readonly folder: string | null }
  readonly hasKeys: boolean
  readonly hasConsole: boolean
}

/**
 * The text that the terminal shows at start: the address, and a command that works as it stands, except for a key if
 * the server has keys.
 */
export function welcome(url: string, { kept, hasKeys, hasConsole }: WelcomeOptions): string {
  const channelId = createIds(randomText).channelId()
  const dispatch = `mutation { dispatchConversation(input: { channelId: \\"${channelId}\\", messages: [{ type: USER, text: \\"Hello!\\" }] }) { channelId } }`
  const watch = `subscription { channelEvents(channelId: \\"${channelId}\\") { __typename ... on TextDelta { text } } }`
  const where = kept.folder === null ? kept.where : `${kept.where}: ${kept.folder}`
  const fate = kept.isDurable ? '' : ', and is gone when it exits'
  const key = hasKeys ? " -H 'authorization: Bearer YOUR_KEY'" : ''
  return `
Backchannel is up. Everything is kept in ${where}${fate}.

${hasConsole ? `  Console    ${url}\n` : ''}  GraphiQL   ${url}/graphql
  Try it     curl -s ${url}/graphql${key} -H 'content-type: application/json' -d '{"query":"${dispatch}"}' &&
             curl -N ${url}/graphql${key} -H 'content-type: application/json' -H 'accept: text/event-stream' -d '{"query":"${watch}"}'

`
}
