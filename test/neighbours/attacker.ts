import { setPriority } from 'node:os'
import { openAccount } from './account.ts'
import type { FromAttacker, ToAttacker } from './attacker-messages.ts'
import { allAttacks } from './attacks/all.ts'
import { again, Tally } from './attacks/attack.ts'
import { serveFiles } from './attacks/fetching.ts'

// The attacker's process. Its own work goes after everybody else's, because a remote caller would not take the processors of
// the services.
setPriority(19)
const files = await serveFiles()
const stop = new AbortController()
const tell = (message: FromAttacker) => void process.send?.(message)

process.on('message', (message: ToAttacker) => {
  if (message.kind === 'stop') return stop.abort()
  void attack(message).then((tally) => tell({ kind: 'done', tally }))
})
process.on('disconnect', () => process.exit())
tell({ kind: 'ready', host: files.host })

async function attack({ name, url, key }: ToAttacker & { kind: 'attack' }): Promise<string> {
  const tally = new Tally()
  const target = { url, attacker: openAccount(url, key) }
  const chosen = allAttacks(files.host).find((each) => each.name === name)
  // Without a name it only takes its processor, as every attack does.
  const running = chosen?.run(target, stop.signal, tally) ?? again(1, stop.signal, tally, async () => compute())
  await running.catch((error: Error) => {
    if (!stop.signal.aborted) tally.add(`could not begin: ${error.message}`)
  })
  return String(tally)
}

function compute(): string {
  const until = performance.now() + 10
  while (performance.now() < until);
  return 'computed'
}
