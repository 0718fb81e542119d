import { hostname } from 'node:os'
import { describe, expect, test, vi } from 'vitest'
import { type EngineName, engines as registry } from '../../../src/engines/engines.ts'
import { places } from '../../conformance/engines.ts'
import { atLength } from '../../support/at-length.ts'
import { dataOf } from '../../support/isolation/callers.ts'
import { ids } from '../../support/run/runs.ts'
import { type ServiceProcess, startProcess } from '../../support/service/start-process.ts'
import { dispatch, graphql } from '../../support/watching/watchers.ts'
import { startReceiver } from './webhook-receiver.ts'

const names = Object.keys(places) as EngineName[]
const asService = (api: ServiceProcess) => ({ url: api.url, wsUrl: api.wsUrl, close: async () => {} })
const functions = [{ name: 'ask', description: 'Asks.', parameters: { type: 'object' }, result: { await: true } }]

/** The processes of a deployment; each can be killed and replaced. */
async function startFleet(name: EngineName, env: Readonly<Record<string, string>>) {
  const roles = registry[name].isShared ? (['api', 'worker', 'worker'] as const) : (['all'] as const)
  const fleet = await Promise.all(roles.map((role) => startProcess(role, env)))
  const replace = async (at: number) => {
    await fleet[at]?.kill('SIGKILL')
    fleet[at] = await startProcess(roles[at] ?? 'all', env)
  }
  return {
    api: () => asService(fleet[0] as ServiceProcess),
    /** The next of all processes, in turn. */
    async killOne(turn: number) {
      await replace(turn % fleet.length)
    },
  }
}

describe.each(names)('webhooks on %s', (name) => {
  test('while processes are killed, each event reaches each endpoint, verified by the npm package; none reaches an address that is refused', async () => {
    const receiver = await startReceiver()
    const place = await places[name]()
    const fleet = await startFleet(name, {
      ...place.env,
      ...{ LEASE_MS: '1000', WEBHOOK_TIMEOUT_MS: '6000', SECRETS_KEY: Buffer.alloc(32, 7).toString('base64') },
      FETCH_ALLOW: `127.0.0.1:${receiver.port}`,
    })
    const make = async (url: string) => {
      const query =
        'mutation ($url: String!) { made: createWebhook(input: { url: $url }) { webhook { id } signingSecret } }'
      interface Made {
        readonly made: { readonly webhook: { readonly id: string }; readonly signingSecret: string }
      }
      return (await dataOf<Made>(fleet.api().url, { query, variables: { url } })).made
    }
    const endpoints: Record<string, string> = {}
    for (const path of ['/steady', '/slow', '/faulty', '/hangs', '/gone']) {
      const { webhook, signingSecret } = await make(receiver.url(path))
      receiver.secrets.set(path, signingSecret)
      endpoints[path] = webhook.id
    }
    // Its name is that of this machine, which only a look-up shows.
    endpoints['refused'] = (await make(`http://${hostname()}:${receiver.closed}/`)).webhook.id
    const direct = await graphql(
      fleet.api(),
      `mutation { createWebhook(input: { url: "http://127.0.0.1:${receiver.closed}/" }) { signingSecret } }`,
    )
    expect(direct.errors?.[0]).toMatchObject({
      message: expect.stringContaining('input.url: The address 127.0.0.1 is not public'),
      extensions: { code: 'BAD_USER_INPUT' },
    })

    const expected: string[] = []
    for (let turn = 0; turn < atLength(2, 20); turn++) {
      const meta = { turn }
      const [done, stopped, waits, slow] = [ids.channelId(), ids.channelId(), ids.channelId(), ids.channelId()]
      await dispatch(fleet.api(), { channelId: done, meta })
      await dispatch(fleet.api(), {
        channelId: waits,
        meta,
        functions,
        messages: [{ type: 'USER', text: 'Please call ask.' }],
      })
      await dispatch(fleet.api(), { channelId: stopped, meta, notBefore: '2026-12-24T12:00:00Z' })
      await dispatch(fleet.api(), { channelId: slow, meta, model: 'demo/delayMs=10/words=30' })
      await graphql(fleet.api(), `mutation { cancelDispatch(channelId: "${stopped}") { dispatch { status } } }`)
      expected.push(`${done} dispatch.completed`, `${slow} dispatch.completed`)
      expected.push(`${stopped} dispatch.cancelled`, `${waits} dispatch.waiting`)
      await fleet.killOne(turn)
    }
    const patience = { timeout: atLength(90_000, 200_000), interval: 100 }
    const seenAt = (path: string) =>
      [
        ...new Set(receiver.taken.filter((each) => each.path === path).map((each) => `${each.channelId} ${each.type}`)),
      ].sort()
    await vi.waitFor(() => {
      for (const path of ['/steady', '/slow', '/faulty']) expect(seenAt(path), path).toEqual(expected.toSorted())
    }, patience)
    // Nothing was sent unsigned, or to where it is not allowed.
    expect(receiver.problems).toEqual([])
    expect(receiver.strays).toBe(0)
    expect(new Set(receiver.attempts.map(({ data }) => JSON.stringify(data['meta']))).size).toBe(atLength(2, 20))
    const waiting = receiver.taken.find(({ type }) => type === 'dispatch.waiting')
    expect(waiting?.data['pendingCalls']).toEqual([
      expect.objectContaining({ name: 'ask', arguments: expect.anything() }),
    ])

    type Told = {
      readonly status: string
      readonly attempts: number
      readonly lastStatusCode: number | null
      readonly lastError: string
    }
    const told = async (path: string) => {
      const query = `query ($id: ID!) { webhook(id: $id) { isEnabled deliveries(first: 100) { edges { node { status attempts lastStatusCode lastError } } } } }`
      interface Page {
        readonly webhook: {
          readonly isEnabled: boolean
          readonly deliveries: { readonly edges: readonly { readonly node: Told }[] }
        }
      }
      const { webhook } = await dataOf<Page>(fleet.api().url, { query, variables: { id: endpoints[path] } })
      return { isEnabled: webhook.isEnabled, deliveries: webhook.deliveries.edges.map(({ node }) => node) }
    }
    const states = (deliveries: readonly Told[]) => new Set(deliveries.map(({ status }) => status))
    await vi.waitFor(async () => {
      for (const path of ['/steady', '/slow', '/faulty']) {
        const { deliveries } = await told(path)
        expect([deliveries.length, states(deliveries)], path).toEqual([expected.length, new Set(['DELIVERED'])])
      }
      // It was told, so it hears no more; what was on its way has failed.
      const gone = await told('/gone')
      expect([gone.isEnabled, states(gone.deliveries)]).toEqual([false, new Set(['FAILED'])])
    }, patience)
    for (const { status, lastError } of (await told('refused')).deliveries) {
      expect(lastError === null ? status : lastError).toMatch(/not public|could not be found|PENDING/)
    }
    await vi.waitFor(async () => {
      const hanging = (await told('/hangs')).deliveries
      expect([hanging.length, states(hanging)]).toEqual([expected.length, new Set(['PENDING'])])
      expect(hanging.map(({ lastError }) => lastError)).toContain('There was no whole response within 6000 ms.')
    }, patience)
  }, 400_000)
})
