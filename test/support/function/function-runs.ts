import { expect, vi } from 'vitest'
import type { Service } from '../service/start-service.ts'
import { collect, graphql, type SeenCall, type SeenEvent, watchWebsocket } from '../watching/watchers.ts'

type Reachable = Pick<Service, 'url'>

/** How a dispatch stands, as `dispatch` tells it. */
export interface DispatchState {
  readonly status: string
  readonly attempts: number
  readonly pendingCalls: readonly SeenCall[]
  readonly messages: readonly { readonly type: string; readonly text: string; readonly meta: unknown }[]
  readonly result: { readonly text: string; readonly finishReason: string } | null
  readonly usage: { readonly iterations: number; readonly calls: number }
}

/** A function as a dispatch declares it, of any arguments. */
export function declared(name: string, over: object = {}): object {
  return { name, description: 'For the test.', parameters: { type: 'object' }, ...over }
}

export const dispatchFields =
  'status attempts pendingCalls { id name arguments answer deadline } messages { type text meta } result { text finishReason } usage { iterations calls }'

export async function stateOf(service: Reachable, channelId: string): Promise<DispatchState> {
  const query = `query ($id: ID!) { dispatch(channelId: $id) { ${dispatchFields} } }`
  const { data, errors } = await graphql<{ dispatch: DispatchState | null }>(service, query, { id: channelId })
  if (data?.dispatch == null) throw new Error(`There is no dispatch ${channelId}: ${JSON.stringify(errors)}`)
  return data.dispatch
}

/** Waits until the run has been parked, by its record, which no log tells; its calls by name. */
export async function untilParked(service: Reachable, channelId: string): Promise<Record<string, SeenCall>> {
  const query = 'query ($id: ID!) { dispatch(channelId: $id) { status } }'
  await vi.waitFor(
    async () => {
      const { data } = await graphql<{ dispatch: { status: string } }>(service, query, { id: channelId })
      expect(data.dispatch.status).toBe('WAITING')
    },
    { timeout: 20_000 },
  )
  const { pendingCalls } = await stateOf(service, channelId)
  return Object.fromEntries(pendingCalls.map((call) => [call.name, call]))
}

/** The answer's own part: `{ data }` or `{ error }`. The code of the refusal, or the dispatch's status. */
export async function submit(
  service: Reachable,
  { channelId, callId }: { readonly channelId: string; readonly callId: string | undefined },
  answer: object,
): Promise<string> {
  const { data, errors } = await graphql<{ submitFunctionResult: { dispatch: { status: string } } }>(
    service,
    'mutation ($input: SubmitFunctionResultInput!) { submitFunctionResult(input: $input) { dispatch { status } } }',
    { input: { channelId, callId: callId ?? '', ...answer } },
  )
  return errors === undefined ? data.submitFunctionResult.dispatch.status : String(errors[0]?.extensions?.['code'])
}

/** The code of the refusal, or `published`. */
export async function publish(service: Reachable, channelId: string, message: object): Promise<string> {
  const { errors } = await graphql(
    service,
    'mutation ($channelId: ID!, $message: JSONObject!) { publishChannelMessage(channelId: $channelId, message: $message) { channelId } }',
    { channelId, message },
  )
  return errors === undefined ? 'published' : String(errors[0]?.extensions?.['code'])
}

/** All events of a run, to its ending. */
export function eventsOf(service: Pick<Service, 'url' | 'wsUrl'>, channelId: string): Promise<SeenEvent[]> {
  return collect(watchWebsocket({ ...service, close: async () => {} }, { channelId }))
}

/** What each call came to, in the order in which the answers came. */
export function answersIn(events: readonly SeenEvent[]): readonly (readonly [name: string, answer: unknown])[] {
  return events.flatMap(({ __typename, call, data, error }) => {
    if (__typename === 'FunctionCallCompleted') return [[call?.name ?? '', data] as const]
    if (__typename === 'FunctionCallFailed') return [[call?.name ?? '', error?.code] as const]
    return []
  })
}
