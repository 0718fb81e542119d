import { describe, expect, test } from 'vitest'
import type { Job } from '../../src/dispatch/schedule/queue.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { createRandom } from '../faults/random.ts'
import { ids } from '../support/run/runs.ts'
import { engines } from './engines.ts'

const accounts = ['a', 'b', 'c', 'd', 'e'] as const
const limit = 3

interface Waiting {
  readonly job: Job
  readonly number: number
}

/** Knows what the rules say and nothing of how they are kept. */
function createJudge() {
  const lines = new Map<string, Waiting[]>(accounts.map((account) => [account, []]))
  const inHand = new Map<string, number>(accounts.map((account) => [account, 0]))
  /** Who has had turns since an account could have had one, and who had something queued meanwhile. */
  const sinceReady = new Map<string, { turns: number; readonly queued: Set<string> }>()
  let count = 0
  const lineOf = (account: string) => lines.get(account) ?? []
  const isReady = (account: string) => lineOf(account).length > 0 && (inHand.get(account) ?? 0) < limit
  const look = () => {
    const queued = accounts.filter((account) => lineOf(account).length > 0)
    for (const account of accounts) {
      if (!isReady(account)) sinceReady.delete(account)
      else if (!sinceReady.has(account)) sinceReady.set(account, { turns: 0, queued: new Set() })
      for (const other of queued) sinceReady.get(account)?.queued.add(other)
    }
  }
  return {
    joined(job: Job) {
      count += 1
      lines.set(job.key.account, [...lineOf(job.key.account), { job, number: count }])
      look()
    },
    /** What is wrong with this turn; null: nothing. */
    took(job: Job | null): string | null {
      if (job === null) {
        const ready = accounts.filter(isReady)
        return ready.length === 0 ? null : `nobody has a turn, although ${ready} could`
      }
      const { account, channel } = job.key
      if (!isReady(account)) return `${account} has a turn, and no job or no room`
      const line = lineOf(account).toSorted(
        (one, other) => (other.job.priority ?? 0) - (one.job.priority ?? 0) || one.number - other.number,
      )
      if (line[0]?.job.key.channel !== channel) return `${account} begins another job than its first`
      const own = sinceReady.get(account)
      if (own !== undefined && own.turns > own.queued.size)
        return `${account} waited for ${own.turns} turns of ${own.queued.size}`
      lines.set(account, line.slice(1))
      inHand.set(account, (inHand.get(account) ?? 0) + 1)
      for (const [other, waiting] of sinceReady) if (other !== account) waiting.turns += 1
      sinceReady.delete(account)
      look()
      return null
    },
    finished(account: string) {
      inHand.set(account, (inHand.get(account) ?? 0) - 1)
      look()
    },
  }
}

describe.each(engines)('the fair queue on %s, against its rules', (_name, open) => {
  test('any order of joining, taking and finishing has turns that the rules allow (run 22, 23)', async () => {
    const engine = await open({ runningDispatches: limit })
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed)
      const judge = createJudge()
      const busy: { readonly place: string; readonly account: string }[] = []
      const take = async (step: string) => {
        const place = `${seed}-${step}`
        const job = (await engine.fair.take(place))?.job ?? null
        expect(judge.took(job), `seed ${seed}, step ${step}`).toBeNull()
        if (job !== null) busy.push({ place, account: job.key.account })
      }
      const finish = async () => {
        const [done] = busy.splice(random.int(busy.length), 1)
        if (done === undefined) return
        await engine.fair.finish(done.place)
        judge.finished(done.account)
      }
      for (let n = 0; n < 250; n++) {
        const dice = random.int(10)
        // One account has far more than the others.
        const account = (dice < 2 ? 'a' : (accounts[random.int(accounts.length)] ?? 'a')) as AccountId
        const priority = random.int(3) - 1
        const job: Job = { key: { account, channel: ids.channelId() }, wake: 1, ...(priority !== 0 && { priority }) }
        if (dice < 5) {
          await engine.queue.add(job)
          judge.joined(job)
        } else if (dice < 8) await take(String(n))
        else await finish()
      }
      // Nothing is lost: all that is left has its turn.
      for (let n = 0; ; n++) {
        while (busy.length > 0) await finish()
        await take(`end-${n}`)
        if (busy.length === 0) break
      }
    }
  })
})
