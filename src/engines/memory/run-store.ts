import { encodeEvent } from '../../channel/entry-codec.ts'
import type { ChannelEvent } from '../../conversation/event.ts'
import { isEnding, isProgress } from '../../conversation/event-traits.ts'
import type { ConversationRequest } from '../../conversation/request.ts'
import { endedStatus, isEnded } from '../../conversation/run-status.ts'
import { noUsage, type Usage } from '../../conversation/usage.ts'
import { accountIsFull, type LogLimits, logIsTooSmall } from '../../dispatch/limits/stored-bytes.ts'
import type { SettleOutcome } from '../../dispatch/pending-call.ts'
import type { Run } from '../../dispatch/run.ts'
import type { ClaimReply, Retention, RunStore } from '../../dispatch/run-store.ts'
import type { DueList } from '../../dispatch/schedule/due.ts'
import { workerLost } from '../../dispatch/schedule/worker-lost.ts'
import { nameOf } from '../../kernel/ids.ts'
import { parseJson, stringifyJson } from '../../kernel/json.ts'
import { storedQueued } from '../transcript.ts'
import type { MemoryChannels } from './channel.ts'
import type { MemoryDispatchIndex } from './dispatch-index.ts'
import type { MemoryLedger } from './ledger.ts'
import { createMemoryPending } from './pending.ts'
import { createEndedRuns } from './retention.ts'
import { bytesBeside, discardsOf, type MemoryRun, recordBytes } from './run.ts'
import type { MemoryTranscripts } from './transcripts.ts'

export interface MemoryRunStoreOptions {
  readonly channels: MemoryChannels
  readonly due: DueList
  readonly index: MemoryDispatchIndex
  readonly clock: () => number
  readonly retention: Retention
  readonly ledger: MemoryLedger
  readonly transcripts: MemoryTranscripts
  readonly log: LogLimits
  /** While all accounts together hold more than this, ended runs are dropped before their time. */
  readonly maxBytes: number
}

/** The same commands as the scripts of Redis. Each is atomic, because nothing in it awaits. */
export function createMemoryRunStore(options: MemoryRunStoreOptions): RunStore {
  const { channels, due, index, clock, retention, ledger, transcripts, log, maxBytes } = options
  const runs = new Map<string, MemoryRun>()
  const endedRuns = createEndedRuns({
    clock,
    retention,
    ledger,
    maxBytes,
    dropLog: channels.removeEntries,
    dropRecord: (key) => {
      runs.delete(nameOf(key))
      channels.forget(key)
      ledger.hold(key.account, `run ${nameOf(key)}`, 0)
    },
  })
  const count = (run: MemoryRun) => {
    const { key } = run.control
    ledger.hold(key.account, `run ${nameOf(key)}`, bytesBeside(run))
  }

  const toRun = (run: MemoryRun): Run => {
    const head = channels.head(run.control.key)
    return {
      ...run.control,
      position: { epoch: head?.epoch ?? '', offset: head?.last ?? 0, tag: head?.lastTag ?? '' },
    }
  }
  const write = (run: MemoryRun, tag: string, events: readonly ChannelEvent[], usage?: Usage) => {
    const { key } = run.control
    const head = channels.append(key, { tag, events: events.map(encodeEvent), epoch: '' })
    count(run)
    if (usage !== undefined) run.control = { ...run.control, usage }
    const ending = events.find(isEnding)
    if (ending === undefined) return head
    const outcome =
      ending.type === 'dispatch-completed'
        ? { result: ending.result }
        : ending.type === 'dispatch-failed'
          ? { error: ending.error }
          : {}
    run.control = { ...run.control, ...outcome, status: endedStatus[ending.type], finishedAt: clock() }
    run.open = []
    run.request = ''
    run.pending.clear()
    run.files.clear()
    count(run)
    endedRuns.ended(key)
    return head
  }

  return {
    async create(key, input) {
      endedRuns.sweep()
      const existing = runs.get(nameOf(key))
      if (existing !== undefined) {
        const outcome = existing.control.digest === input.digest ? 'exists' : 'conflict'
        return { outcome, run: toRun(existing) }
      }
      const transcript = transcripts.placeFor(key, input)
      const queued = encodeEvent(storedQueued(input, transcript?.place ?? null))
      const request = stringifyJson(input.request)
      if (queued.payload.length + (transcript?.bytes ?? 0) > log.maxBytes) throw logIsTooSmall(log)
      const growth = recordBytes + request.length + queued.payload.length + (transcript?.growth ?? 0)
      if (ledger.isFull(key.account, growth)) throw accountIsFull()
      transcript?.commit()
      const run: MemoryRun = {
        control: {
          key,
          status: 'queued',
          wake: 1,
          attempts: 0,
          digest: input.digest,
          model: input.request.model,
          botId: input.botId,
          contactId: input.contactId,
          notBefore: input.notBefore,
          createdAt: input.createdAt,
          startedAt: null,
          finishedAt: null,
          result: null,
          error: null,
          usage: noUsage,
        },
        request,
        claim: null,
        seq: 0,
        reply: { outcome: 'fenced' },
        lost: 0,
        open: [],
        cancelled: null,
        pending: createMemoryPending(),
        files: new Map(),
      }
      runs.set(nameOf(key), run)
      channels.append(key, { tag: input.tag, events: [queued], epoch: input.epoch })
      count(run)
      // This engine does its work before it returns, so nobody needs to await it.
      void due.bring(key, input.lookAt)
      index.add(key.account, { channel: key.channel, createdAt: input.createdAt })
      return { outcome: 'created', run: toRun(run) }
    },

    async find(keys) {
      endedRuns.sweep()
      return keys.map((key) => {
        const run = runs.get(nameOf(key))
        return run === undefined ? null : toRun(run)
      })
    },

    async facts(key) {
      return channels.facts(key)
    },

    async claim(key, { wake, claim, tag, lossLimit }): Promise<ClaimReply> {
      const run = runs.get(nameOf(key))
      if (run === undefined || run.control.wake !== wake) return { outcome: 'stale' }
      const { status, attempts: before, notBefore, usage } = run.control
      if (status !== 'queued' && status !== 'running') return { outcome: 'stale' }
      if (before === 0 && clock() < (notBefore ?? 0)) return { outcome: 'early' }
      if (status === 'queued' || run.claim !== claim) {
        if (status === 'running') run.lost += 1
        if (run.lost > lossLimit) {
          run.claim = null
          write(run, tag, [...discardsOf(run), { type: 'dispatch-failed', error: workerLost, usage }])
          return { outcome: 'stale' }
        }
        const attempts = before + 1
        run.control = { ...run.control, status: 'running', attempts, startedAt: run.control.startedAt ?? clock() }
        run.claim = claim
        run.seq = 0
        write(run, tag, [{ type: 'dispatch-started', attempt: attempts, model: run.control.model }])
      }
      return {
        outcome: 'claimed',
        claimed: {
          attempt: run.control.attempts,
          losses: run.lost,
          request: parseJson(run.request) as ConversationRequest,
          facts: channels.facts(key),
          open: run.open,
          cancelled: run.cancelled,
        },
      }
    },

    async append(key, { claim, seq, tag, events, open, usage, awaits = [] }) {
      const run = runs.get(nameOf(key))
      if (run === undefined || run.claim !== claim) return { outcome: 'fenced' }
      if (seq <= run.seq) return run.reply
      if (isEnded(run.control.status)) return { outcome: 'ended' }
      if (run.control.status !== 'running' || seq !== run.seq + 1) return { outcome: 'fenced' }
      run.seq = seq
      run.open = open
      run.pending.add(awaits)
      if (events.some(isProgress)) run.lost = 0
      const { last } = write(run, tag, events, usage)
      const { own } = channels.sizes(key)
      const isAccountFull = ledger.isFull(key.account, 0)
      run.reply = { outcome: 'applied', last, own, cancelled: run.cancelled, isAccountFull }
      return run.reply
    },

    async park(key, { claim, seq, seenFacts, lastTag }) {
      const run = runs.get(nameOf(key))
      if (run === undefined || run.claim !== claim || run.control.status !== 'running' || run.seq !== seq) return 'lost'
      const facts = channels.facts(key)
      if (run.cancelled !== null || facts.length !== seenFacts || facts.at(-1)?.tag !== lastTag) return 'news'
      run.control = { ...run.control, status: 'waiting' }
      run.claim = null
      return 'parked'
    },

    async pending(key) {
      return runs.get(nameOf(key))?.pending.list() ?? []
    },

    async settle(key, settlement) {
      const run = runs.get(nameOf(key))
      if (run === undefined) return { outcome: 'unknown', run: null }
      const reply = (outcome: SettleOutcome) => ({ outcome, run: toRun(run) })
      const before = run.pending.answered(settlement)
      if (before !== null) return reply(before)
      if (isEnded(run.control.status)) return reply('ended')
      const refused = run.pending.take(settlement, clock(), () => {
        const { own } = channels.sizes(key)
        const growth = settlement.facts.reduce((sum, fact) => sum + encodeEvent(fact).payload.length, 0)
        if (own.entries >= log.maxEntries || own.bytes + growth > log.maxBytes) return true
        return ledger.isFull(key.account, growth)
      })
      if (refused !== null) return reply(refused)
      run.lost = 0
      write(run, settlement.tag, settlement.facts)
      const goesOn = settlement.wakes || settlement.by === 'deadline' || run.pending.list().length === 0
      if (run.control.status === 'waiting' && goesOn) {
        run.control = { ...run.control, status: 'queued', wake: run.control.wake + 1 }
      }
      return reply('settled')
    },

    async keepFile(key, claim, { id, content }) {
      const run = runs.get(nameOf(key))
      if (run?.control.status !== 'running' || run.claim !== claim || run.files.has(id)) return
      run.files.set(id, Uint8Array.from(content))
      count(run)
    },

    async file(key, id) {
      return runs.get(nameOf(key))?.files.get(id) ?? null
    },

    async cancellation(key, claim) {
      const run = runs.get(nameOf(key))
      return run?.claim === claim ? run.cancelled : null
    },

    async cancel(key, { cancellation, isForced, tag }) {
      const run = runs.get(nameOf(key))
      if (run === undefined) return null
      if (isEnded(run.control.status)) return toRun(run)
      if (run.control.status === 'running' && !isForced) {
        run.cancelled ??= cancellation
        return toRun(run)
      }
      run.claim = null
      const { usage } = run.control
      write(run, tag, [...discardsOf(run), { type: 'dispatch-cancelled', reason: cancellation.reason, usage }])
      return toRun(run)
    },

    /** What a run shares goes with its log. */
    async letGo() {},

    async release(key, claim) {
      const run = runs.get(nameOf(key))
      if (run === undefined || run.claim !== claim || run.control.status !== 'running') return false
      run.control = { ...run.control, status: 'queued' }
      run.claim = null
      return true
    },
  }
}
