import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import { DispatchTextDocument, type DispatchTextMutation } from '../../generated/operations.ts'
import { Refused } from '../refused.ts'

/** Resolves to the channel to watch. The run continues whether anyone watches or not. */
export async function dispatch(client: Client, text: string): Promise<string> {
  const request = { query: print(DispatchTextDocument), variables: { text } }
  for await (const { data, errors } of client.iterate<DispatchTextMutation>(request)) {
    if (!data) throw new Refused(errors)
    return data.dispatchConversation.channelId
  }
  throw new Error('A mutation has an answer.')
}
