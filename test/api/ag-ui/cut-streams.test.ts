import type { HttpAgent, Message } from '@ag-ui/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { agUiMessages } from '../../../src/api/ag-ui/stream/message.ts'
import { followRun, rejoinRun } from '../../../src/api/ag-ui/stream/open-run.ts'
import type { LogEntry } from '../../../src/channel/channel.ts'
import { localAccount } from '../../../src/kernel/ids.ts'
import { createRandom, type Random } from '../../faults/random.ts'
import { logsOfSimulation } from '../../simulation/kept-logs.ts'
import { scriptedAgent } from '../../support/ag-ui/stock-agent.ts'
import { atLength } from '../../support/at-length.ts'
import { loggedRun, type Moment } from './logged-run.ts'

const principal = { account: localAccount, grant: null }
const threadId = 'thread-of-this-test'

// The client writes each broken stream to the console, and each message that a snapshot has taken before it ended.
beforeEach(() => {
  for (const way of ['error', 'warn'] as const) vi.spyOn(console, way).mockImplementation(() => {})
})
afterEach(() => void vi.restoreAllMocks())

/** When somebody comes, and whether it is for the first time. */
interface Visit extends Moment {
  readonly isFirst: boolean
}

/** The whole stream of a run, or a part of it: broken off where the visit says so. */
async function* streamed(log: readonly LogEntry[], visit: Visit, input: { runId: string; messages: Message[] }) {
  const { facade, run } = loggedRun(log, visit)
  const open = { facade, principal, ids: { threadId, runId: input.runId }, run }
  const { batches } = visit.isFirst ? followRun(open, input.messages) : await rejoinRun(open, input.messages)
  for (let batch = await batches.next(); batch.done !== true; batch = await batches.next()) {
    for (const event of batch.value) yield `data: ${JSON.stringify(event)}\n\n`
  }
}

/** What the user of a stock client has in the end, who comes at these moments, one after the other. */
async function seenBy(log: readonly LogEntry[], nextMoment: (last: Moment | null) => Moment) {
  const queued = log[0]?.event
  const own = queued?.type === 'dispatch-queued' ? queued.messages : []
  let visit: Visit | null = null
  const agent: HttpAgent = scriptedAgent(threadId, agUiMessages(own) as Message[], async function* (input) {
    if (visit !== null) yield* streamed(log, visit, input)
  })
  const finished: string[] = []
  agent.subscribe({
    onRunFinishedEvent: ({ outcome }) => void finished.push(outcome),
    onRunErrorEvent: ({ event }) => void finished.push(event.message),
  })
  let breaks = 0
  for (;;) {
    visit = { ...nextMoment(visit), isFirst: visit === null }
    const before = finished.length
    const resume = agent.pendingInterrupts.map(({ id }) => ({ interruptId: id, status: 'cancelled' as const }))
    await agent.runAgent({ runId: 'run-of-this-test', ...(resume.length > 0 && { resume }) }).catch((error) => {
      if (!String(error).includes('stopped following')) throw error
      breaks += 1
    })
    const end = finished.at(-1)
    if (finished.length > before && end !== 'interrupt') return { messages: agent.messages, end, breaks }
  }
}

const whole = (log: readonly LogEntry[]): Moment => ({ now: 1, until: log.length, batch: () => log.length })

/** Comes at the beginning, and again whenever its stream has ended or broken off, each time at a moment of chance. */
function atRandom(log: readonly LogEntry[], random: Random) {
  let tries = 0
  return (last: Moment | null): Moment => {
    tries += 1
    const now = last === null ? 1 : Math.min(log.length, last.now + random.int(Math.ceil(log.length / 3) + 1))
    const until = tries > 12 ? log.length : Math.min(log.length, now + random.int(log.length - now + 1))
    return { now: tries > 12 ? log.length : now, until, batch: () => 1 + random.int(4) }
  }
}

test('a log of the simulation, cut anywhere and joined again, gives a stock client what the whole stream gives', async () => {
  const most = atLength(7, 400)
  // In 71 a client that lacks messages gets them in one batch with a message that is taken back.
  const seeds = [...Array.from({ length: most }, (_, n) => n + 1), ...(most < 71 ? [71] : [])]
  let breaks = 0
  let discards = 0
  for (const seed of seeds) {
    for (const { written: log } of await logsOfSimulation(seed)) {
      discards += log.filter(({ event }) => event.type === 'message-discarded').length
      const uncut = await seenBy(log, () => whole(log))
      const cut = await seenBy(log, atRandom(log, createRandom(seed)))
      breaks += cut.breaks
      expect({ seed, ...cut, breaks: 0 }).toEqual({ seed, ...uncut, breaks: 0 })
    }
  }
  expect(breaks).toBeGreaterThan(seeds.length)
  expect(discards).toBeGreaterThan(seeds.length / 2)
}, 330_000)
