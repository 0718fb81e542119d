import { setTimeout as sleep } from 'node:timers/promises'
import { graphql } from '../../support/watching/watchers.ts'
import { codeOf, insist, type Surroundings } from '../clients.ts'
import { isEnding } from '../judge-log.ts'
import { type EndpointPath, endpointPaths, type Receiver } from './receiver.ts'

/** The endpoints of the account, and what they must have been told. */
export interface Endpoints {
  /** Deletes `/removed`, which hears nothing more of what is sent from then on. */
  remove(): Promise<void>
  /** What is wrong with what was told of these dispatches, which have ended. */
  judge(told: readonly Told[]): Promise<string[]>
}

export interface Told {
  readonly channelId: string
  readonly sentAt: number
  readonly log: readonly { readonly kind: string; readonly tag: string }[]
}

/** An attempt that was under way when its endpoint was deleted is over by then, that of a process that was stopped included. */
const underWayMs = 8000
/** Everything is sent within this time, whoever dies, but for what has failed twice. */
const soonMs = 60_000

export async function createEndpoints(surroundings: Surroundings, { port, attempts }: Receiver): Promise<Endpoints> {
  const { fleet, random } = surroundings
  const ask = <Data>(query: string, variables: object) =>
    insist(surroundings, async () => {
      const { data, errors } = await graphql<Data>(random.pick(fleet.apis), query, variables)
      if (errors !== undefined) throw { code: errors[0]?.extensions?.['code'], message: errors[0]?.message }
      return data
    })
  const endpoints = new Map<EndpointPath, string>()
  for (const path of endpointPaths) {
    const query = 'mutation ($url: String!) { made: createWebhook(input: { url: $url }) { webhook { id } } }'
    const { made } = await ask<{ made: { webhook: { id: string } } }>(query, { url: `http://127.0.0.1:${port}${path}` })
    endpoints.set(path, made.webhook.id)
  }
  let removedAt = Number.POSITIVE_INFINITY

  /** Deliveries of an endpoint that have failed more than once: their next attempt comes in minutes. They are sent again, now. */
  const sendAgain = async (path: EndpointPath): Promise<void> => {
    interface Page {
      readonly webhook: {
        readonly deliveries: {
          readonly edges: readonly {
            readonly node: { readonly id: string; readonly status: string; readonly attempts: number }
          }[]
          readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
        }
      }
    }
    const query = `query ($id: ID!, $after: String) { webhook(id: $id) { deliveries(first: 100, after: $after) {
      edges { node { id status attempts } } pageInfo { hasNextPage endCursor } } } }`
    for (let after: string | null = null; ; ) {
      const { webhook }: Page = await ask<Page>(query, { id: endpoints.get(path), after })
      for (const { node } of webhook.deliveries.edges) {
        if (node.status !== 'PENDING' || node.attempts < 2) continue
        await ask('mutation ($id: ID!) { resendWebhookDelivery(id: $id) { id } }', { id: node.id })
      }
      if (!webhook.deliveries.pageInfo.hasNextPage) return
      after = webhook.deliveries.pageInfo.endCursor
    }
  }
  const untold = (path: EndpointPath, told: readonly Told[]): string[] => {
    const taken = new Set(attempts.flatMap((each) => (each.path === path && each.isTaken ? [nameOf(each)] : [])))
    return told.flatMap(({ channelId, log }) =>
      log.flatMap((entry) => {
        const type = entry.kind === 'dispatch-paused' ? 'dispatch.waiting' : entry.kind.replace('-', '.')
        const isTold = isEnding(entry as Parameters<typeof isEnding>[0]) || entry.kind === 'dispatch-paused'
        return isTold && !taken.has(`${channelId}~${entry.tag} ${type}`)
          ? [`${path} was never told ${type} of ${channelId}`]
          : []
      }),
    )
  }

  return {
    async remove() {
      try {
        await ask('mutation ($id: ID!) { deleteWebhook(id: $id) { id } }', { id: endpoints.get('/removed') })
      } catch (error) {
        // Of an attempt to delete it whose answer was lost.
        if (codeOf(error) !== 'NOT_FOUND') throw error
      }
      removedAt = Date.now()
    },
    async judge(told) {
      const paths = ['/steady', '/slow', '/faulty'] as const
      const missing = () => paths.flatMap((path) => untold(path, told))
      for (const deadline = Date.now() + soonMs; missing().length > 0 && Date.now() < deadline; ) {
        await sleep(1500)
        for (const path of paths) if (untold(path, told).length > 0) await sendAgain(path)
      }
      const late = attempts.filter(({ path, channelId, at }) => {
        const sentAt = told.find((each) => each.channelId === channelId)?.sentAt ?? 0
        return path === '/removed' && (at > removedAt + underWayMs || sentAt > removedAt)
      })
      const lines = late.map(
        ({ channelId, at }) => `/removed was told of ${channelId} ${at - removedAt} ms after it was removed`,
      )
      return [...missing(), ...lines]
    },
  }
}

/** Channel and notice, which is the tag of what was written, and what was told. */
function nameOf({ id, type }: { readonly id: string; readonly type: string }): string {
  return `${id.split('~').slice(0, 2).join('~')} ${type}`
}
