import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface Answer {
  readonly status: number
  readonly text: string
}

/** A caller with an API key of its own. */
export interface Account {
  readonly url: string
  readonly wsUrl: string
  readonly key: string
  /** Sends JSON. Rejects only when the connection fails. */
  post(path: string, body: string, signal?: AbortSignal): Promise<Answer>
  /** The data of an answer without errors. */
  graphql<Data>(query: string, variables?: object, signal?: AbortSignal): Promise<Data>
  /** A graphql-transport-ws client that does not reconnect. */
  connect(): Client
}

export function openAccount(url: string, key: string): Account {
  const wsUrl = `${url.replace('http', 'ws')}/graphql`
  const authorization = `Bearer ${key}`
  const account: Account = {
    url,
    wsUrl,
    key,
    async post(path, body, signal) {
      const headers = { authorization, 'content-type': 'application/json' }
      const response = await fetch(`${url}${path}`, { method: 'POST', headers, body, signal: signal ?? null })
      return { status: response.status, text: await response.text() }
    },
    async graphql<Data>(query: string, variables: object = {}, signal?: AbortSignal) {
      const { text } = await account.post('/graphql', JSON.stringify({ query, variables }), signal)
      const { data, errors } = JSON.parse(text) as { data?: Data; errors?: readonly { message: string }[] }
      if (errors !== undefined || data === undefined) throw new Error(errors?.[0]?.message ?? text)
      return data
    },
    connect: () =>
      createClient({ url: wsUrl, webSocketImpl: WebSocket, connectionParams: { authorization }, retryAttempts: 0 }),
  }
  return account
}

export const dispatchMutation =
  'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'

/** Dispatches; the channel's id. */
export async function dispatchBy(account: Account, input: object, signal?: AbortSignal): Promise<string> {
  type Data = { readonly dispatchConversation: { readonly channelId: string } }
  return (await account.graphql<Data>(dispatchMutation, { input }, signal)).dispatchConversation.channelId
}
