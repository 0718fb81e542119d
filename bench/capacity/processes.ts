import { setTimeout as sleep } from 'node:timers/promises'
import { openClients } from '../load/clients.ts'
import { untilIdle } from '../load/until-idle.ts'
import { cpuBetween, cpuTimes } from '../report/cpu.ts'
import { roundCount } from '../report/rounds.ts'
import { median } from '../report/statistics.ts'
import { startOurs } from '../systems/start-ours.ts'

// Not part of `npm run bench`: what one API process, one worker process and one Redis carry (docs/operations/sizing.md): their CPU
// a token, of so many runs at once whose model says 20 tokens a second, each watched by one client over a socket of its own.
const tokensPerSecond = 20
const seconds = 8
const counts = [10, 50, 200]

const system = await startOurs({ concurrency: Math.max(...counts) })
const model = `demo/delayMs=${1000 / tokensPerSecond}/words=${tokensPerSecond * seconds}`
process.stdout.write(
  `\n| runs at once, ${tokensPerSecond} tokens/s each | API | worker | Redis | the load itself, of a core |\n|---|---|---|---|---|\n`,
)
try {
  for (const count of counts) {
    const clients = await openClients(system, count)
    const spent: Readonly<Record<string, number>>[] = []
    let tookMs = 0
    for (let round = 0; round <= roundCount(3); round++) {
      const [before, startedAt] = [cpuTimes(system), performance.now()]
      await clients.runs(count, { model })
      tookMs = performance.now() - startedAt
      if (round > 0) spent.push(cpuBetween(before, cpuTimes(system)))
      await untilIdle(system.redisUrl ?? '')
      await sleep(200)
    }
    clients.close()
    const ofToken = (part: string) =>
      ((median(spent.map((each) => each[part] ?? 0)) * 1000) / (count * tokensPerSecond * seconds)).toFixed(0)
    const load = median(spent.map((each) => each['load'] ?? 0)) / tookMs
    process.stdout.write(
      `| ${count} | ${['api', 'worker', 'redis'].map((part) => `${ofToken(part)} µs`).join(' | ')} | ${(load * 100).toFixed(0)} % |\n`,
    )
  }
} finally {
  await system.close()
}
