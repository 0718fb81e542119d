import { deepEqual, ok } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { openConnection } from '../support/idle-connection.ts'
import { startService } from '../support/service/start-service.ts'

/** Load balancers keep idle connections for a minute and then send the next request on one: it must still be open. */
const service = await startService()
const [asked, left] = [await openConnection(service.url), await openConnection(service.url)]
await Promise.all([asked.ask(), left.ask()])
const began = performance.now()
const seconds = () => (performance.now() - began) / 1000
await sleep(65_000)
deepEqual([await asked.ask(), left.isClosed()], [200, false])
await left.closed
const closedAfter = seconds()
ok(closedAfter > 74.5 && closedAfter < 80, `closed after ${closedAfter} s`)
asked.close()
await service.close()
process.stdout.write(`an idle connection was open after 65 s and closed after ${closedAfter.toFixed(0)} s\n`)
