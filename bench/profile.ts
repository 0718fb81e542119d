import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clients, openClients } from './load/clients.ts'
import { selfTimes } from './report/cpu-profile.ts'
import { startOurs } from './systems/start-ours.ts'
import type { System } from './systems/system.ts'

// CPU profiles of the API and the worker process, warm, under one of three loads.
type Load = (system: System, clients: Clients, seconds: number) => Promise<unknown>

const repeated =
  (act: (clients: Clients) => Promise<void>): Load =>
  async (_system, clients, seconds) => {
    const until = performance.now() + seconds * 1000
    while (performance.now() < until) await act(clients)
  }
const loads: Readonly<Record<string, { readonly clients: number; readonly load: Load }>> = {
  runs: { clients: 100, load: repeated((clients) => clients.runs(400, { model: 'demo/delayMs=0/words=200' })) },
  dispatches: {
    clients: 64,
    load: repeated((clients) => clients.dispatches(1000, { model: 'demo/delayMs=0/words=10' })),
  },
  // 100 tokens/s per stream: nothing queues, so nothing is joined.
  streams: { clients: 100, load: repeated((clients) => clients.runs(100, { model: 'demo/delayMs=10/words=200' })) },
}

const [name = 'runs', seconds = '8'] = process.argv.slice(2)
const chosen = loads[name]
if (chosen === undefined) throw new Error(`There is no load "${name}": ${Object.keys(loads).join(', ')}`)
const folder = mkdtempSync(join(tmpdir(), 'backchannel-profile-'))
const system = await startOurs({ nodeArgs: ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${folder}`] })
const clients = await openClients(system, chosen.clients)
await chosen.load(system, clients, Number(seconds))
clients.close()
await system.close()

for (const file of readdirSync(folder)) {
  const part = file.includes(`.${system.api.pid}.`) ? 'API' : 'worker'
  const { byPackage, byFunction, busy } = selfTimes(join(folder, file))
  const listed = (shares: typeof byPackage, count: number) =>
    shares.slice(0, count).map(([what, share]) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${what}`)
  const lines = [
    `${part} under "${name}", busy ${(busy * 100).toFixed(0)} % of the time (start included); shares of that:`,
    ...listed(byPackage, 22),
    `${part}, by function:`,
    ...listed(byFunction, 40),
  ]
  process.stdout.write(`${lines.join('\n')}\n\n`)
}
process.stdout.write(`The profiles, for Chrome's DevTools: ${folder}\n`)
