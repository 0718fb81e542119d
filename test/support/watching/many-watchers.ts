import { once } from 'node:events'
import { WebSocket } from 'ws'
import { opened } from '../lifetime/opened.ts'
import type { Service } from '../service/start-service.ts'

const query = `subscription ($channelId: ID!, $after: Cursor) {
  channelEvents(channelId: $channelId, after: $after) { __typename cursor ... on TextDelta { messageId position text } }
}`

interface Frame {
  readonly id: string
  readonly type: string
  readonly payload?: {
    readonly data?: {
      readonly channelEvents: {
        readonly __typename: string
        readonly messageId?: string
        readonly position?: number
        readonly text?: string
      }
    }
    readonly errors?: unknown
  }
}

/** What a subscription came to: the texts of all messages, if every delta went on where the last one ended, and its last event. */
export interface Watched {
  readonly text: string
  readonly last: string
}

interface Watch {
  text: string
  last: string
  messageId: string
  /** Where the message begins in `text`. */
  start: number
  readonly done: PromiseWithResolvers<Watched>
}

export interface ManyWatchers {
  /** Subscribes once more on the one socket; fulfilled when the subscription completes. */
  watch(channelId: string): Promise<Watched>
  close(): void
}

/** Many subscriptions over one WebSocket, which cost a client next to nothing. */
export async function openManyWatchers({ wsUrl }: Pick<Service, 'wsUrl'>): Promise<ManyWatchers> {
  const socket = new WebSocket(wsUrl, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  const open = new Map<string, Watch>()
  let count = 0
  const fail = (error: Error) => {
    for (const { done } of open.values()) done.reject(error)
  }
  socket.on('close', (code) => fail(new Error(`The socket was closed with ${code}.`)))
  socket.on('message', (data) => {
    const { id, type, payload } = JSON.parse(String(data)) as Frame
    const watch = open.get(id)
    if (watch === undefined) return
    const event = payload?.data?.channelEvents
    if (type === 'complete') {
      open.delete(id)
      watch.done.resolve({ text: watch.text, last: watch.last })
    } else if (event === undefined) {
      watch.done.reject(new Error(JSON.stringify(payload)))
    } else {
      watch.last = event.__typename
      if (event.text === undefined) return
      if (event.messageId !== watch.messageId) {
        watch.messageId = event.messageId ?? ''
        watch.start = watch.text.length
      }
      const end = watch.text.length - watch.start
      if (event.position !== end) watch.done.reject(new Error(`A delta at ${event.position}, not ${end}.`))
      watch.text += event.text
    }
  })
  return opened({
    watch(channelId) {
      const id = String(++count)
      const done = Promise.withResolvers<Watched>()
      open.set(id, { text: '', last: '', messageId: '', start: 0, done })
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables: { channelId } } }))
      return done.promise
    },
    close: () => socket.terminate(),
  })
}
