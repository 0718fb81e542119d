import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Service } from '../service/start-service.ts'

/** What a stream has told, in a form that does not depend on how deltas were joined. */
export interface Told {
  /** Everything but deltas, by kind, in order. */
  readonly facts: readonly string[]
  /** By its deltas, put together as they came. */
  readonly text: string
  /** As the last event has it. */
  readonly result: string | undefined
}

/** A way to watch a channel to its end; `onText` is called with whatever was said. */
export type PatientStream = (service: Service, channelId: string, onText: () => void) => Promise<Told>

interface Item {
  readonly kind: string
  readonly text?: string | undefined
  readonly result?: string | undefined
}

const eventsQuery = (channelId: string) =>
  `subscription { item: channelEvents(channelId: "${channelId}") {
    __typename ... on TextDelta { text } ... on DispatchCompleted { result { text } }
  } }`
const updatesQuery = (channelId: string) =>
  `subscription { item: dispatchUpdates(channelId: "${channelId}") {
    __typename messages { type text } result { text }
  } }`

interface GraphqlItem {
  readonly __typename: string
  readonly text?: string
  readonly messages?: readonly { readonly type: string; readonly text: string }[]
  readonly result?: { readonly text: string } | null
}

interface GraphqlResult {
  readonly data?: { readonly item: GraphqlItem } | null
  readonly errors?: unknown
}

function graphqlItem(result: GraphqlResult): Item {
  if (result.data == null) return { kind: JSON.stringify(result) }
  const { __typename: kind, text, messages, result: outcome } = result.data.item
  // An update has everything in it, so only the last one counts.
  const said = messages?.findLast(({ type }) => type === 'BOT')?.text
  return { kind, text: text ?? said, result: outcome?.text }
}

async function told(items: AsyncIterable<Item>, onText: () => void, isUpdates = false): Promise<Told> {
  const facts: string[] = []
  let text = ''
  let result: string | undefined
  for await (const item of items) {
    result = item.result
    if (item.text === undefined) facts.push(item.kind)
    else {
      text = isUpdates ? item.text : text + item.text
      onText()
    }
  }
  return { facts: isUpdates ? [] : facts, text, result }
}

async function* overSocket({ wsUrl }: Service, query: string): AsyncGenerator<Item> {
  const client = createClient({ url: wsUrl, webSocketImpl: WebSocket, retryAttempts: 0 })
  try {
    for await (const result of client.iterate({ query })) yield graphqlItem(result as GraphqlResult)
  } finally {
    await client.dispose()
  }
}

async function* lines(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true })
    const parts = rest.split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}

async function* overEventStream({ url }: Service, query: string): AsyncGenerator<Item> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  })
  for await (const line of lines(response)) {
    const json = /^data: (\{.*)$/.exec(line)?.[1]
    if (json !== undefined) yield graphqlItem(JSON.parse(json))
  }
}

interface RestEvent {
  readonly type: string
  readonly data: { readonly type?: string; readonly token?: string; readonly text?: string; readonly data?: object }
}

/** Events of the REST API, whether they come in a `message` or by themselves. */
async function* restItems(response: Response): AsyncGenerator<Item> {
  for await (const line of lines(response)) {
    const json = /^(?:data: )?(\{.*)$/.exec(line)?.[1]
    if (json === undefined) continue
    const outer = JSON.parse(json) as RestEvent
    const { type, data } = outer.type === 'message' && outer.data.type !== undefined ? (outer.data as RestEvent) : outer
    // The first line of a subscription, and what is said when nothing is.
    if (type === 'nop' || type === 'ping') continue
    if (type === 'token') yield { kind: type, text: data.token }
    else yield { kind: type, ...(type === 'result' && { result: data.text }) }
  }
}

async function* overRest(path: string, { url }: Service, init: RequestInit): AsyncGenerator<Item> {
  const response = await fetch(`${url}${path}`, init)
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  yield* restItems(response)
}

export const patientStreams: Readonly<Record<string, PatientStream>> = {
  'channelEvents over WebSocket': (service, channelId, onText) =>
    told(overSocket(service, eventsQuery(channelId)), onText),
  'channelEvents over Server-Sent Events': (service, channelId, onText) =>
    told(overEventStream(service, eventsQuery(channelId)), onText),
  'dispatchUpdates over WebSocket': (service, channelId, onText) =>
    told(overSocket(service, updatesQuery(channelId)), onText, true),
  'dispatchUpdates over Server-Sent Events': (service, channelId, onText) =>
    told(overEventStream(service, updatesQuery(channelId)), onText, true),
  'POST channel/{channelId}/subscribe': (service, channelId, onText) =>
    told(overRest(`/v1/channel/${channelId}/subscribe`, service, { method: 'POST' }), onText),
  'GET channel/{channelId}/subscribe': (service, channelId, onText) =>
    told(overRest(`/v1/channel/${channelId}/subscribe`, service, {}), onText),
}

/** A dispatch that is followed, by its own run. */
export function completeOverRest(service: Service, body: object, onText: () => void): Promise<Told> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/jsonl' },
    body: JSON.stringify({ messages: [{ type: 'user', text: 'Hello' }], ...body }),
  }
  return told(overRest('/v1/conversation/complete', service, init), onText)
}
