import { createClient } from 'graphql-sse'
import type { Service } from '../service/start-service.ts'
import { type DispatchState, dispatchFields } from './function-runs.ts'

/** Watches `dispatchUpdates` to its end. */
export async function watchUpdates(
  service: Pick<Service, 'url'>,
  channelId: string,
  onUpdate: (update: DispatchState) => void,
): Promise<void> {
  const client = createClient({ url: `${service.url}/graphql`, retryAttempts: 0 })
  const query = `subscription ($id: ID!) { dispatchUpdates(channelId: $id) { ${dispatchFields} } }`
  const updates = client.iterate<{ dispatchUpdates: DispatchState }>({ query, variables: { id: channelId } })
  for await (const { data, errors } of updates) {
    if (data == null) throw new Error(JSON.stringify(errors))
    onUpdate(data.dispatchUpdates)
  }
}
