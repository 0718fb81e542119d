import { mutatedCopy } from '../test/mutants/mutated-copy.ts'
import { openClients } from './load/clients.ts'
import { channelIdIn } from './load/http-connection.ts'
import { untilIdle } from './load/until-idle.ts'
import { textIn } from './load/watcher.ts'
import { cpuBetween, cpuTimes } from './report/cpu.ts'
import { roundCount } from './report/rounds.ts'
import { median } from './report/statistics.ts'
import { startOurs } from './systems/start-ours.ts'
import type { System } from './systems/system.ts'

// Not part of `npm run bench`: what accounts' turns cost a whole dispatch, and what it costs that a model call awaits that its start is in
// the log. This release beside copies of itself: one whose runs are BullMQ's own jobs, first in, first out, and one that does not await.

const firstInFirstOut = [
  {
    file: 'engines/redis/fair/fair-queue.ts',
    find: 'await addIf(await join(...args, await limit()))',
    replace:
      'void [join, args]\n      const { account, channel } = key\n      await (tokens.add as (data: object) => Promise<void>)({ account, channel, wake: job.wake })',
  },
  {
    file: 'engines/redis/schedule/bullmq-queue.ts',
    find: "async add() {\n      await queue.add('turn', {}, {",
    replace: "async add(data: TokenData = {}) {\n      await queue.add('turn', data, {",
  },
  {
    file: 'engines/redis/schedule/bullmq-queue.ts',
    find: '    if (earlier !== null) await fair.join(earlier)\n    const taken = await fair.take(place, attemptsStarted)\n',
    replace: '    const taken = earlier === null ? null : { job: earlier, waitedMs: 0 }\n',
  },
  {
    file: 'engines/redis/schedule/bullmq-queue.ts',
    find: 'await fair.finish(place, attemptsStarted)',
    replace: 'void place',
  },
]
const unawaited = [
  {
    file: 'worker/run-conversation.ts',
    find: "if (!(await commitIfHeard([{ type: 'iteration-started', iteration: step.iteration }], state))) return null",
    replace: "commit([{ type: 'iteration-started', iteration: step.iteration }])",
  },
]

const parts = ['src', 'package.json', 'schema.graphql']
const copies = [firstInFirstOut, unawaited].map((edits) => mutatedCopy(parts, edits))
const programs = {
  'this release': 'src/main.ts',
  'first in, first out': `${copies[0]?.root}/src/main.ts`,
  'starts not awaited': `${copies[1]?.root}/src/main.ts`,
}
/** A second argument plays only the ways whose names contain it, beside this release. */
const ways = Object.entries(programs).filter(([way]) => way === 'this release' || way.includes(process.argv[3] ?? ''))
const cases = [
  { name: 'dispatch of 10 words, nobody watches', count: 1000, atOnce: 32, words: 10, isWatched: false },
  { name: '200-token run, watched', count: 200, atOnce: 20, words: 200, isWatched: true },
]

/** ms from a dispatch to its first token, one at a time. */
async function firstTokens(system: System): Promise<number> {
  const clients = await openClients(system, 1)
  const [client] = clients.all
  const body = system.dispatchBody({ model: 'demo/delayMs=5/words=3' })
  const firsts: number[] = []
  for (let n = 0; client !== undefined && n < 40; n++) {
    const startedAt = performance.now()
    let first: number | null = null
    await client.watcher.watch(channelIdIn(await client.http.post(body)), (frame) => {
      if (first === null && textIn(frame) !== null) first = performance.now() - startedAt
    })
    firsts.push(first ?? Number.NaN)
  }
  clients.close()
  return median(firsts)
}

try {
  for (const { name, count, atOnce, words, isWatched } of cases) {
    const model = `demo/delayMs=0/words=${words}`
    const systems = await Promise.all(
      ways.map(async ([way, program]) => ({ way, system: await startOurs({ program }) })),
    )
    const firsts = new Map<string, number[]>(systems.map(({ way }) => [way, []]))
    const rounds = new Map<string, Record<string, number>[]>(systems.map(({ way }) => [way, []]))
    for (let round = 0; round <= roundCount(5); round++) {
      for (const { way, system } of systems) {
        const clients = await openClients(system, atOnce)
        const before = cpuTimes(system)
        await (isWatched ? clients.runs(count, { model }) : clients.dispatches(count, { model }))
        await untilIdle(system.redisUrl ?? '')
        const spent = cpuBetween(before, cpuTimes(system))
        clients.close()
        if (round > 0) rounds.get(way)?.push(spent)
        if (round > 0 && isWatched) firsts.get(way)?.push(await firstTokens(system))
      }
    }
    for (const { system } of systems) await system.close()
    process.stdout.write(
      `\n| ${name}, CPU µs | api | worker | Redis | together | this release to it |\n|---|---|---|---|---|---|\n`,
    )
    for (const [way, spent] of rounds) {
      const of = (part: string) => (median(spent.map((each) => each[part] ?? 0)) * 1000) / count
      const [api, worker, redis] = [of('api'), of('worker'), of('redis')]
      const numbers = [api, worker, redis, api + worker + redis].map((each) => each.toFixed(0))
      // Round by round, so that a slow minute of the machine counts for both.
      const whole = (each: Record<string, number>) => (each['api'] ?? 0) + (each['worker'] ?? 0) + (each['redis'] ?? 0)
      const ours = rounds.get('this release') ?? []
      const ratios = spent.map((each, round) => whole(ours[round] ?? each) / whole(each))
      process.stdout.write(`| ${way} | ${numbers.join(' | ')} | ${median(ratios).toFixed(3)} × |\n`)
      if (isWatched)
        process.stdout.write(`  to the first token, idle: ${median(firsts.get(way) ?? []).toFixed(2)} ms\n`)
    }
  }
} finally {
  for (const copy of copies) copy.remove()
}
