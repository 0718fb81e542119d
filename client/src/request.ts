import { type Backchannel, connectionOf } from './client.ts'
import type { Abortable } from './dispatched.ts'

/** An operation as a text, or as what code generators make of it, which knows its types. */
export interface Operation<Data, Variables> {
  toString(): string
  readonly __apiType?: (variables: Variables) => Data
}

/**
 * Any other query or mutation of the server's schema. It is sent again when an answer is lost, so a mutation may act twice; with `isOnce`
 * it rejects with NETWORK instead.
 */
export async function request<Data, Variables extends Readonly<Record<string, unknown>>>(
  client: Backchannel,
  operation: Operation<Data, Variables>,
  variables: Variables,
  { signal, isOnce }: Abortable & { readonly isOnce?: boolean | undefined } = {},
): Promise<Data> {
  const data = await connectionOf(client).request({ query: String(operation), variables }, null, signal, isOnce)
  return data as Data
}
