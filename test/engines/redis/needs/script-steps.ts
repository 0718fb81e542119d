import type { Redis } from 'ioredis'
import { answerFacts } from '../../../../src/conversation/activity.ts'
import { noUsage } from '../../../../src/conversation/usage.ts'
import type { PendingCall } from '../../../../src/dispatch/pending-call.ts'
import { createRedisFairQueue } from '../../../../src/engines/redis/fair/fair-queue.ts'
import { createRedisDispatchRate } from '../../../../src/engines/redis/limits/dispatch-rate.ts'
import { createRedisPlaces } from '../../../../src/engines/redis/limits/places.ts'
import { createFormTaker } from '../../../../src/engines/redis/needs/form.ts'
import { createRedisResultChannels } from '../../../../src/engines/redis/result-channel/result-channel.ts'
import { createRedisRunStore } from '../../../../src/engines/redis/run/run-store.ts'
import { createRedisDueList } from '../../../../src/engines/redis/schedule/due-list.ts'
import { createRedisRecordStore } from '../../../../src/engines/redis/store/record-store.ts'
import { createRedisStore } from '../../../../src/engines/redis/store/store.ts'
import type { ChannelKey } from '../../../../src/kernel/ids.ts'
import { ids, newKey, newRun } from '../../../support/run/runs.ts'
import { lineSteps } from './line-steps.ts'
import { webhookSteps } from './webhook-steps.ts'

/** One use of a script that writes: what must be there before, and the call itself, which may be made again. */
export interface ScriptStep {
  readonly name: string
  readonly publishes: boolean
  prepare(): Promise<unknown>
  call(): Promise<unknown>
}

const logLimits = { maxEntries: 100, maxBytes: 10_000 }
const waiter = { channel: newKey().channel, callId: 'call-1' }
const pending: PendingCall = {
  call: { id: 'call-1', name: 'f', arguments: {}, answer: 'submit', deadline: 4_000_000_000_000 },
  resultChannelId: null,
}
const answered = answerFacts(pending.call, { kind: 'completed', data: 1 }, ids.messageId())
const record = (text: string) => ({ id: ids.resourceId('record'), text, meta: null })

/** Every script that writes, on keys of its own. @param redis of the user who loses permissions */
export function scriptSteps(redis: Redis): readonly ScriptStep[] {
  const key = newKey()
  const steps: ScriptStep[] = []
  const step = (name: string, publishes: boolean, prepare: () => Promise<unknown>, call: () => Promise<unknown>) =>
    void steps.push({ name, publishes, prepare, call })
  runSteps(redis, key, step)
  resultSteps(redis, key, step)
  storeSteps(redis, step)
  lineSteps(redis, step)
  webhookSteps(redis, step)

  const { account } = key
  const rate = createRedisDispatchRate(redis, 5)
  step(
    'take-rate',
    false,
    async () => {},
    () => rate.take(account),
  )
  const takeForm = createFormTaker(redis)
  step(
    'form',
    false,
    async () => {},
    () => takeForm(),
  )
  fairSteps(redis, key, step)
  const places = createRedisPlaces(redis, { process: 'p', leaseMs: 60_000 })
  step(
    'places',
    false,
    async () => {},
    () => places.total(),
  )
  const due = createRedisDueList(redis)
  step(
    'move',
    false,
    () => due.bring(key, 5),
    () => due.move({ key, at: 5 }, 6),
  )
  step(
    'drop',
    false,
    () => due.bring(key, 5),
    () => due.drop({ key, at: 5 }),
  )
  return steps
}

export type AddStep = (
  name: string,
  publishes: boolean,
  prepare: () => Promise<unknown>,
  call: () => Promise<unknown>,
) => void

function runSteps(redis: Redis, key: ChannelKey, step: AddStep): void {
  const runs = createRedisRunStore(redis, { logSeconds: 60, recordSeconds: 120 }, { log: logLimits, accountBytes: 1e9 })
  const run = newRun()
  const create = () => runs.create(key, run)
  const claim = (lossLimit = 5) => runs.claim(key, { wake: 1, claim: 'c', tag: 'tag-claim', lossLimit })
  const awaiting = async () => {
    await create()
    await claim()
    const events = [{ type: 'function-result-awaited', ...pending } as const]
    await runs.append(key, { claim: 'c', seq: 1, tag: 'tag-1', events, open: [], awaits: [pending] })
  }
  const append = (...events: Parameters<typeof runs.append>[1]['events']) =>
    runs.append(key, { claim: 'c', seq: 2, tag: 'tag-2', events, open: ['m2'], usage: noUsage })
  const park = () => runs.park(key, { claim: 'c', seq: 1, seenFacts: 3, lastTag: 'tag-1' })
  const ended = { type: 'dispatch-completed', result: { text: 'done', finishReason: 'stop' }, usage: noUsage } as const

  step('create', true, async () => {}, create)
  const next = { ...key, channel: newKey().channel }
  const continued = () =>
    runs.create(next, newRun({ continues: { channel: key.channel, messages: run.messages.length, ownTurns: [] } }))
  step('create a run that continues another', true, create, continued)
  step(
    'let go of a transcript',
    false,
    async () => {
      await create()
      await continued()
      // Cancelling lets go of it, too; this is what the sweep does afterwards.
      await runs.cancel(next, { cancellation: { reason: 'no' }, isForced: false, tag: 'tag-cancel' })
    },
    () => runs.letGo(next),
  )
  step('claim', true, create, claim)
  step(
    'compact',
    false,
    async () => {
      await create()
      await claim()
      await runs.append(key, { claim: 'c', seq: 1, tag: 'tag-1', events: [ended], open: [] })
    },
    () => runs.compact(key),
  )
  step(
    'claim for the last time',
    true,
    () => create().then(() => claim()),
    () => runs.claim(key, { wake: 1, claim: 'd', tag: 'tag-d', lossLimit: 0 }),
  )
  step('append', true, awaiting, () => append({ type: 'text-delta', messageId: 'm2', position: 0, text: 'a' }))
  step('end', true, awaiting, () => append(ended))
  step('cancel a queued run', true, create, () =>
    runs.cancel(key, { cancellation: { reason: 'no' }, isForced: false, tag: 'tag-cancel' }),
  )
  step('cancel a running run', false, awaiting, () =>
    runs.cancel(key, { cancellation: { reason: 'no' }, isForced: false, tag: 'tag-cancel' }),
  )
  step('force a cancellation', true, awaiting, () =>
    runs.cancel(key, { cancellation: { reason: 'no' }, isForced: true, tag: 'tag-cancel' }),
  )
  step('park', false, awaiting, park)
  const reachedLimit = { kind: 'tokens', used: 2, allowed: 1 } as const
  const paused = { type: 'dispatch-paused', reachedLimit, pausedUntil: 9, usage: noUsage } as const
  const pause = () =>
    runs.park(key, { claim: 'c', seq: 1, seenFacts: 3, lastTag: 'tag-1', pause: { paused, tag: 'tag-pause' } })
  step('pause', true, awaiting, pause)
  step(
    'raise',
    true,
    () => awaiting().then(pause),
    () => runs.raise(key, { limits: { tokens: 9 }, by: 'caller', tag: 'tag-raise' }),
  )
  step(
    'settle',
    true,
    () => awaiting().then(park),
    () =>
      runs.settle(key, { callId: 'call-1', by: 'submit', digest: '1', wakes: false, tag: 'tag-3', facts: answered }),
  )
  const message = { id: 'm1', type: 'user', text: 'More' } as const
  step('add messages', true, awaiting, () =>
    runs.add(key, { messages: [{ message, digest: '1' }], sawHeld: null, tag: 'tag-3' }),
  )
  step('release', false, awaiting, () => runs.release(key, 'c'))
  step('keep-file', false, awaiting, () => runs.keepFile(key, 'c', { id: 'file', content: new Uint8Array([1]) }))
}

function resultSteps(redis: Redis, key: ChannelKey, step: AddStep): void {
  const limits = { logSeconds: 60, earlyMs: 60_000, waitSeconds: 60, ...logLimits }
  const results = createRedisResultChannels(redis, limits, 1e9)
  const publish = (tag = 'tag-1') => results.publish(key, { message: { n: 1 }, tag, epoch: 'epoch' })
  const matched = () => results.wait(key, waiter).then(() => publish())
  step('publish early', true, async () => {}, publish)
  step('publish to a call', true, () => results.wait(key, waiter), publish)
  step(
    'wait',
    false,
    async () => {},
    () => results.wait(key, waiter),
  )
  step('wait for an early message', false, publish, () => results.wait(key, waiter))
  step('reassign', false, matched, () => results.reassign(key, { waiter, tag: 'tag-1', message: { n: 1 } }))
  step('delivered', false, matched, () => results.delivered(key, { waiter, tag: 'tag-1', message: { n: 1 } }))
}

function storeSteps(redis: Redis, step: AddStep): void {
  const store = createRedisStore(redis, 1e9)
  const records = createRedisRecordStore(redis, 1e9)
  const collection = { account: newKey().account, kind: 'dataset' as const }
  const id = ids.resourceId('dataset')
  const first = record('one')
  const fields = { name: 'd', description: null }
  const create = () => store.create(collection, { id, fields, records: [first] })
  const key = { account: collection.account, dataset: id }
  const room = { records: 10, bytes: 1000 }
  step('create-resource', false, async () => {}, create)
  step('update-resource', false, create, () =>
    store.update(collection, id, { fields: { name: 'e' }, records: [record('two')] }),
  )
  step('remove-resource', false, create, () => store.remove(collection, id))
  step('add a record', false, create, () => records.add(key, record('two'), room))
  step('change a record', false, create, () => records.update(key, first.id, { text: 'other', limits: room }))
  step('remove-record', false, create, () => records.remove(key, first.id))
}

function fairSteps(redis: Redis, key: ChannelKey, step: AddStep): void {
  const fair = createRedisFairQueue(redis, {
    limit: async () => 1,
    shareOf: () => ({ limit: null, weight: 1 }),
    leaseMs: 60_000,
    limits: [{ provider: 'slow', bucket: 'slow', requestsPerMinute: 60, tokensPerMinute: 60 }],
    sweepMs: 60_000,
    tokens: { add: async () => {}, waiting: async () => 0 },
    onError: () => {},
  })
  const job = { key, wake: 1, provider: 'slow', traceparent: 'trace' }
  const join = () => fair.join(job)
  step('join', false, async () => {}, join)
  step('take a turn', false, join, () => fair.take('place'))
  step(
    'renew a turn',
    false,
    () => join().then(() => fair.take('place')),
    () => fair.renew('place'),
  )
  step(
    'finish a turn',
    false,
    () => join().then(() => fair.take('place')),
    () => fair.finish('place'),
  )
  step('sweep the fair queue', false, join, () => fair.sweep())
  step(
    'enter',
    false,
    async () => {},
    () => fair.enter({ provider: 'slow', job, tokens: 1, patienceMs: 3000 }),
  )
  step(
    'correct',
    false,
    async () => {},
    () => fair.correct('slow', 1),
  )
}
