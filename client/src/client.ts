import type { TransportChoice } from './connection/choose-transport.ts'
import { type Connection, createConnection } from './connection/connection.ts'
import type { WebSocketConstructor } from './connection/socket.ts'
import { type Conversation, createConversations } from './conversation/conversations.ts'
import { type Credentials, createCredentialStore } from './credentials.ts'
import { type Abortable, type Dispatched, inputOf, withIds } from './dispatched.ts'
import { addMessagesDocument, answerDocument, cancelDocument, dispatchDocument, snapshotDocument } from './documents.ts'
import { BackchannelError } from './errors.ts'
import type { ChannelEvent } from './events.ts'
import type {
  AddMessagesMutation,
  AnswerMutation,
  CancelMutation,
  DispatchConversationInput,
  DispatchMutation,
  DispatchStatus,
  MessageInput,
  SnapshotQuery,
  SubmitFunctionResultInput,
} from './generated/operations.ts'
import { newId } from './new-id.ts'
import { type ChannelStore, createStores } from './state/stores.ts'
import { createFeeds } from './watching/feeds.ts'
import { type WatchOptions, watch } from './watching/watch.ts'

export interface BackchannelOptions {
  /** Of the GraphQL endpoint, such as `https://chat.example.com/graphql`; in a page also without the host. */
  readonly url: string
  /** Default: none, for a server without API keys. */
  readonly credentials?: Credentials | undefined
  /** Default: `auto`. */
  readonly transport?: TransportChoice | undefined
  /** Default: the global one. Without any, as on Node 20, `auto` means Server-Sent Events. */
  readonly webSocket?: WebSocketConstructor | undefined
  /** Default: the global one. */
  readonly fetch?: typeof fetch | undefined
}

/** Every function that reaches the server rejects with a `BackchannelError`. */
export interface Backchannel {
  /**
   * Starts a run; a text is one message of a user. Resolves when the dispatch is stored. It is sent again when an answer is
   * lost, and runs once: without a `channelId` of yours the client chooses one.
   */
  dispatch(input: string | DispatchConversationInput, options?: Abortable): Promise<Dispatched>
  /** Every event of a channel, in order and exactly once, until the run has ended. You may watch before you dispatch. */
  watch(channelId: string, options?: WatchOptions): AsyncIterableIterator<ChannelEvent>
  /** What a chat shows of a channel. It costs nothing until somebody subscribes. */
  state(channelId: string): ChannelStore
  /** A conversation of many turns, whose dispatches run one after the other. It costs nothing until somebody subscribes. */
  conversation(conversationId: string): Conversation
  /** Answers a call that the run waits for; the same answer twice counts once. */
  answer(input: SubmitFunctionResultInput, options?: Abortable): Promise<{ readonly status: DispatchStatus }>
  /**
   * Hands messages to a run that goes on, which reads them before its next model call; a text is one message of a user. It is sent again
   * when an answer is lost, and adds each message once. CONFLICT when the run has ended.
   */
  addMessages(
    channelId: string,
    messages: string | readonly MessageInput[],
    options?: Abortable,
  ): Promise<{ readonly status: DispatchStatus }>
  /** Ends the run on the server. To stop watching only, leave the iteration or unsubscribe. */
  cancel(
    channelId: string,
    options?: Abortable & { readonly reason?: string | undefined },
  ): Promise<{ readonly status: DispatchStatus }>
  /** Closes all connections; whoever still watches gets CLOSED. */
  close(): void
}

type Acted = AnswerMutation['submitFunctionResult']

const connections = new WeakMap<Backchannel, Connection>()

/** The connection of a client, for the other entries of this package. */
export function connectionOf(client: Backchannel): Connection {
  const connection = connections.get(client)
  if (connection === undefined) throw new TypeError('No client of createBackchannel.')
  return connection
}

export function createBackchannel(options: BackchannelOptions): Backchannel {
  const credentials = createCredentialStore(options.credentials)
  const connection = createConnection({
    // React Native's URL puts a slash behind the path.
    url: /^https?:/.test(options.url) ? options.url : new URL(options.url, globalThis.location?.href).href,
    transport: options.transport ?? 'auto',
    webSocket: options.webSocket ?? globalThis.WebSocket,
    fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
    credentials,
  })
  const feeds = createFeeds(connection.subscribe)
  const stores = createStores({
    feeds,
    async readSnapshot(channelId, signal) {
      const request = { query: snapshotDocument, variables: { channelId } }
      return ((await connection.request(request, channelId, signal)) as SnapshotQuery).dispatch
    },
  })
  /** A mutation that answers with the dispatch alone. */
  const act = async (
    query: string,
    variables: Readonly<Record<string, unknown>>,
    channelId: string,
    signal: AbortSignal | undefined,
  ) => {
    const answer = await connection.request({ query, variables }, channelId, signal)
    return (Object.values(answer as AnswerMutation | AddMessagesMutation | CancelMutation)[0] as Acted).dispatch
  }
  const client: Backchannel = {
    async dispatch(input, { signal } = {}) {
      const given: DispatchConversationInput = inputOf(input)
      const variables = { input: { ...given, channelId: given.channelId ?? newId() } }
      const answer = await connection.request({ query: dispatchDocument, variables }, null, signal)
      const { dispatch, channelToken } = (answer as DispatchMutation).dispatchConversation
      stores.seed(dispatch.channelId, dispatch)
      return { channelId: dispatch.channelId, channelToken }
    },
    watch: (channelId, watching = {}) => watch(feeds, channelId, watching),
    state: stores.state,
    conversation: (conversationId) => conversations.conversation(conversationId),
    answer: (input, { signal } = {}) => act(answerDocument, { input }, input.channelId, signal),
    addMessages: (channelId, given, { signal } = {}) => {
      const messages = withIds(typeof given === 'string' ? inputOf(given).messages : given)
      return act(addMessagesDocument, { input: { channelId, messages } }, channelId, signal)
    },
    cancel: (channelId, { reason, signal } = {}) => act(cancelDocument, { channelId, reason }, channelId, signal),
    close() {
      conversations.close()
      stores.close()
      feeds.close(new BackchannelError('CLOSED', 'The client is closed.'))
      connection.close()
    },
  }
  const conversations = createConversations({ ...client, subscribe: connection.subscribe, stores })
  connections.set(client, connection)
  return client
}
