import { encodeEvent } from '../../../channel/entry-codec.ts'
import type { ChannelEvent } from '../../../conversation/event.ts'
import { isEnding, isProgress } from '../../../conversation/event-traits.ts'
import type { ConversationRequest } from '../../../conversation/request.ts'
import { endedStatus, isEnded } from '../../../conversation/run-status.ts'
import { createdTooLate, transcriptIsTooLong } from '../../../dispatch/limits/stored-bytes.ts'
import type { SettleOutcome } from '../../../dispatch/pending-call.ts'
import type { Append, AppendReply, ClaimInput, ClaimReply, RunStore } from '../../../dispatch/run-store.ts'
import { workerLost } from '../../../dispatch/schedule/worker-lost.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { parseJson, stringifyJson } from '../../../kernel/json.ts'
import { storedTaken } from '../../transcript.ts'
import { ownSize, sizeOf } from '../channel/log.ts'
import type { Database } from '../database/group-commit.ts'
import { addMessages } from './add-messages.ts'
import { createRun } from './create-run.ts'
import { createParking } from './parking.ts'
import type { RunStoreParts } from './run-parts.ts'
import {
  cancellationOf,
  discardsOf,
  encodeOutcome,
  type Loaded,
  loadRun,
  openOf,
  type RunRow,
  recordBytes,
  removeRun,
  saveRun,
  toRun,
  usageOf,
} from './run-row.ts'

/** The same commands as the scripts of Redis, each all or nothing. */
export function createEmbeddedRunStore(database: Database, parts: RunStoreParts): RunStore {
  const { command, read, sql } = database
  const { logs, channels, transcripts, ledger, pending, telling, clock, limits } = parts

  const load = (key: ChannelKey): Loaded | null => {
    const log = logs.find(key)
    const run = log === null ? null : loadRun(sql, log)
    return log === null || run === null ? null : { run, log }
  }
  const find = (key: ChannelKey) => {
    const loaded = load(key)
    return loaded === null ? null : toRun(key, loaded.run, loaded.log)
  }
  /** Writes the events, and the record as it is from now on; an ending closes it. */
  const write = (key: ChannelKey, { run, log }: Loaded, tag: string, events: readonly ChannelEvent[]): Loaded => {
    const after = channels.append(key, log, { tag, events: events.map(encodeEvent) })
    const ending = events.find(isEnding)
    if (ending === undefined) {
      saveRun(sql, run)
      return { run, log: after }
    }
    const outcome = encodeOutcome(ending)
    const bytes = recordBytes + Buffer.byteLength(outcome) + Buffer.byteLength(run.meta ?? '')
    const ended: RunRow = {
      ...run,
      status: endedStatus[ending.type],
      open: '',
      paused: null,
      outcome,
      finishedAt: clock(),
      bytes,
    }
    saveRun(sql, ended)
    if (ending.type === 'dispatch-failed') parts.recent.countFailure(key.account, ending.error.code)
    sql.run('UPDATE run SET finishedAt = ?, outcome = ? WHERE id = ?', ended.finishedAt, outcome, run.id)
    sql.run('DELETE FROM request WHERE run = ?', run.id)
    sql.run('DELETE FROM file WHERE run = ?', run.id)
    pending.clear(run.id)
    const outcomeOf = toRun(key, ended, after)
    telling.tell(key, ended, {
      event: endedStatus[ending.type],
      notice: tag,
      at: ended.finishedAt ?? 0,
      outcome: outcomeOf.result ?? outcomeOf.error,
    })
    return { run: ended, log: after }
  }

  const claim = (key: ChannelKey, { wake, claim: token, tag, lossLimit }: ClaimInput): ClaimReply => {
    const loaded = load(key)
    if (loaded === null || loaded.run.wake !== wake) return { outcome: 'stale' }
    let { run } = loaded
    if ((run.status !== 'queued' && run.status !== 'running') || run.isHeld === 1) return { outcome: 'stale' }
    if (run.attempts === 0 && clock() < (run.notBefore ?? 0)) return { outcome: 'early' }
    // Otherwise this claim was carried out before, and its reply was lost.
    if (run.status === 'queued' || run.claim !== token) {
      const lost = run.lost + (run.status === 'running' ? 1 : 0)
      if (lost > lossLimit) {
        const failed = { type: 'dispatch-failed', error: workerLost, usage: usageOf(run) } as const
        write(key, { ...loaded, run: { ...run, lost, claim: null } }, tag, [...discardsOf(run), failed])
        return { outcome: 'stale' }
      }
      const attempts = run.attempts + 1
      const since = clock()
      run = {
        ...run,
        status: 'running',
        since,
        attempts,
        lost,
        startedAt: run.startedAt ?? since,
        claim: token,
        seq: 0,
      }
      write(key, { ...loaded, run }, tag, [{ type: 'dispatch-started', attempt: attempts, model: run.model }])
    }
    const request = sql.one<{ json: string }>('SELECT json FROM request WHERE run = ?', run.id)?.json ?? ''
    return {
      outcome: 'claimed',
      claimed: {
        attempt: run.attempts,
        losses: run.lost,
        request: parseJson(request) as ConversationRequest,
        facts: channels.facts(key),
        open: openOf(run),
        cancelled: cancellationOf(run),
      },
    }
  }

  const append = (key: ChannelKey, input: Append): AppendReply => {
    const { claim: token, seq, tag, events, open, usage, heard, awaits = [] } = input
    const loaded = load(key)
    if (loaded === null || loaded.run.claim !== token) return { outcome: 'fenced' }
    const { run } = loaded
    const applied = ({ log }: Loaded): AppendReply => ({
      outcome: 'applied',
      last: log.last,
      own: ownSize(log),
      cancelled: cancellationOf(run),
      isAccountFull: ledger.isFull(key.account, 0),
    })
    if (seq <= run.seq) return applied(loaded)
    if (isEnded(run.status)) return { outcome: 'ended' }
    if (run.status !== 'running' || seq !== run.seq + 1) return { outcome: 'fenced' }
    if (heard !== undefined && heard !== run.added) return { outcome: 'news' }
    const isBegun = heard !== undefined && events.some(({ type }) => type === 'iteration-started')
    const bytes = run.bytes + pending.add(run.id, awaits)
    const lost = events.some(isProgress) ? 0 : run.lost
    if (usage !== undefined) parts.countUsage(key.account, usageOf(run), usage)
    const next = {
      ...run,
      seq,
      open: open.join(','),
      bytes,
      lost,
      heard: isBegun ? run.added : run.heard,
      usage: usage === undefined ? run.usage : stringifyJson(usage),
    }
    return applied(write(key, { ...loaded, run: next }, tag, events))
  }

  return {
    async create(key, input) {
      const created = await command(() => ({ outcome: createRun(sql, parts, key, input), run: find(key) }))
      // Not within the command, which a patient caller would send again.
      if (created.outcome === 'late') throw createdTooLate()
      if (created.run === null) throw new Error('A run that was created is there.')
      return { outcome: created.outcome, run: created.run }
    },
    begin: (key, { ticket, transcript, refusal, bytes, tag }) =>
      command(() => {
        const loaded = load(key)
        if (loaded === null) return null
        const { run, log } = loaded
        if (isEnded(run.status) || run.isHeld === 0 || run.ticket !== ticket) return find(key)
        const begun = { ...run, isHeld: 0, since: Math.max(clock(), run.notBefore ?? 0) }
        const error = refusal ?? (log.size + bytes > limits.maxBytes ? transcriptIsTooLong(limits) : null)
        if (error !== null) {
          const failed = { type: 'dispatch-failed', error, usage: usageOf(run) } as const
          write(key, { log, run: begun }, tag, [failed])
        } else if (transcript === null) {
          saveRun(sql, begun)
        } else {
          transcripts.refer(key, log.id, transcript)
          write(key, { log, run: begun }, tag, [storedTaken(transcript)])
        }
        return find(key)
      }),
    find: (keys) => read(() => keys.map(find)),
    facts: (key) => read(() => channels.facts(key)),
    claim: (key, input) => command(() => claim(key, input)),
    append: (key, input) => command(() => append(key, input)),

    ...createParking(database, { ...parts, pending, load, find, write }),

    pending: (key) =>
      read(() => {
        const log = logs.find(key)
        return log === null ? [] : pending.list(log.id)
      }),

    settle: (key, settlement) =>
      command(() => {
        const loaded = load(key)
        if (loaded === null) return { outcome: 'unknown', run: null }
        const { run, log } = loaded
        const reply = (outcome: SettleOutcome) => ({ outcome, run: find(key) })
        const before = pending.answered(run.id, settlement)
        if (before !== null) return reply(before)
        if (isEnded(run.status)) return reply('ended')
        const events = settlement.facts.map(encodeEvent)
        const refused = pending.refusal(run.id, settlement, clock(), () => {
          const [own, growth] = [ownSize(log), sizeOf(events)]
          if (own.entries >= limits.maxEntries || own.bytes + growth > limits.maxBytes) return true
          return ledger.isFull(key.account, growth)
        })
        if (refused !== null) return reply(refused)
        const bytes = run.bytes - pending.take(run.id, settlement)
        const goesOn = settlement.wakes || settlement.by === 'deadline' || pending.list(run.id).length === 0
        const woken =
          run.status === 'waiting' && goesOn ? ({ status: 'queued', wake: run.wake + 1, since: clock() } as const) : {}
        write(key, { log, run: { ...run, bytes, lost: 0, ...woken } }, settlement.tag, settlement.facts)
        return reply('settled')
      }),

    add: (key, addition) =>
      command(() => {
        const loaded = load(key)
        if (loaded === null) return null
        const deps = {
          ...{ ledger, limits, pending },
          toRun: ({ run, log }: Loaded) => toRun(key, run, log),
          write: (next: Loaded, tag: string, events: readonly ChannelEvent[]) => write(key, next, tag, events),
        }
        return addMessages(deps, key, loaded, addition)
      }),

    keepFile: (key, token, { id, content }) =>
      command(() => {
        const loaded = load(key)
        if (loaded?.run.status !== 'running' || loaded.run.claim !== token) return
        const { run } = loaded
        if (sql.run('INSERT OR IGNORE INTO file VALUES (?, ?, ?)', run.id, id, content) === 0) return
        saveRun(sql, { ...run, bytes: run.bytes + content.byteLength })
      }),

    file: (key, id) =>
      read(() => {
        const log = logs.find(key)
        if (log === null) return null
        return (
          sql.one<{ content: Uint8Array }>('SELECT content FROM file WHERE run = ? AND id = ?', log.id, id)?.content ??
          null
        )
      }),

    cancellation: (key, token) =>
      read(() => {
        const run = load(key)?.run
        return run?.claim === token ? cancellationOf(run) : null
      }),

    cancel: (key, { cancellation, isForced, tag }) =>
      command(() => {
        const loaded = load(key)
        if (loaded === null || isEnded(loaded.run.status)) return find(key)
        const { run, log } = loaded
        if (run.status === 'running' && !isForced) {
          saveRun(sql, { ...run, cancelled: run.cancelled ?? stringifyJson(cancellation) })
          return find(key)
        }
        const cancelled = { type: 'dispatch-cancelled', reason: cancellation.reason, usage: usageOf(run) } as const
        write(key, { log, run: { ...run, claim: null } }, tag, [...discardsOf(run), cancelled])
        return find(key)
      }),

    /** What a run shares goes with its log. */
    async letGo() {},

    /** The rows of a log share their pages with those of others. */
    async compact() {},

    remove: (key, createdAt) =>
      command(() => {
        const loaded = load(key)
        if (loaded === null || (createdAt ?? loaded.run.createdAt) !== loaded.run.createdAt) return 'absent'
        const { run, log } = loaded
        if (!isEnded(run.status)) return 'not-ended'
        logs.forget(log.id)
        pending.forget(run.id)
        removeRun(sql, key, run)
        telling.forget(key)
        channels.interrupt(key)
        return 'removed'
      }),

    release: (key, token) =>
      command(() => {
        const run = load(key)?.run
        if (run?.claim !== token || run.status !== 'running') return false
        saveRun(sql, { ...run, status: 'queued', claim: null, since: clock() })
        return true
      }),
  }
}
