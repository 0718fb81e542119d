import { pathToFileURL } from 'node:url'
import type { createBackchannel } from 'backchannel-client'
import { beforeAll, expect, test } from 'vitest'
import { createRandom } from '../faults/random.ts'
import { atLength } from '../support/at-length.ts'
import { watchWhileCut } from '../support/client/cut-client.ts'
import { packClient } from '../support/client/packed-client.ts'
import { opened } from '../support/lifetime/opened.ts'
import { createCuttingProxy } from '../support/proxy/cutting-proxy.ts'
import { type Service, startService } from '../support/service/start-service.ts'

let service: Service
let create: typeof createBackchannel
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=2/words=1500/reasoning=true' })
  create = (await import(pathToFileURL(`${packClient().installed}/index.js`).href)).createBackchannel
})

test.concurrent.each(['websocket', 'sse'] as const)(
  'the packed client brings every event once and in order over %s, however often it is cut',
  async (transport) => {
    const [clients, wantedCuts] = [atLength(8, 50), atLength(6, 100)]
    const direct = opened(create({ url: `${service.url}/graphql` }))
    const watching = Array.from({ length: clients }, async (_, seed) => {
      const proxy = await createCuttingProxy(service.url)
      const client = opened(create({ url: `${proxy.url}/graphql`, transport }))
      return watchWhileCut({ client, proxy, direct, random: createRandom(seed + 1) }, wantedCuts)
    })
    const cuts = await Promise.all(watching)
    expect(Math.min(...cuts)).toBeGreaterThanOrEqual(wantedCuts)
  },
  atLength(300_000, 1_800_000),
)
