import type { Redis } from 'ioredis'
import { createRedisLines } from '../../../../src/engines/redis/line/line-store.ts'
import { createRedisTranscriptStore } from '../../../../src/engines/redis/line/transcript-store.ts'
import { createRedisRunStore } from '../../../../src/engines/redis/run/run-store.ts'
import type { ConversationId } from '../../../../src/kernel/ids.ts'
import { ids, newKey, newRun } from '../../../support/run/runs.ts'
import type { AddStep } from './script-steps.ts'

/** The scripts of conversations that write. */
export function lineSteps(redis: Redis, step: AddStep): void {
  const run = newKey()
  const conversation = { account: run.account, conversation: `talk-${ids.nonce()}` as ConversationId }
  const retention = { logSeconds: 60, recordSeconds: 120 }
  const limits = { log: { maxEntries: 100, maxBytes: 10_000 }, accountBytes: 1e9 }
  const lines = createRedisLines(redis, { accountBytes: 1e9, keepSeconds: 120 })
  const transcripts = createRedisTranscriptStore(redis, retention)
  const runs = createRedisRunStore(redis, retention, limits)
  const place = { channel: run.channel, ticket: 'ticket' }
  const join = () =>
    lines.join(conversation, {
      ...place,
      isRejoin: false,
      rejects: false,
      wish: null,
      upTo: null,
      contactId: 'contact_1',
    })
  const said = { origin: newKey().channel, messages: newRun().messages, turns: [] }
  const extend = () => transcripts.extend(conversation, null, said)
  const turn = { conversation: conversation.conversation, ticket: 'ticket', createBy: 4_000_000_000_000 }
  const transcript = { root: `${conversation.conversation}/${said.origin}`, length: 1, messages: 1 }
  const begin = (bytes: number) =>
    runs.begin(run, { ticket: 'ticket', transcript, refusal: null, bytes, tag: 'tag-begin' })
  const created = async () => {
    await extend()
    await runs.create(run, newRun({ turn }))
  }

  step('join a line', true, async () => {}, join)
  const joinToCut = () =>
    lines.join(conversation, { ...place, isRejoin: false, rejects: false, wish: null, upTo: 'm1', contactId: null })
  step('cut the transcript of a line', true, joinToCut, () => lines.branch(conversation, place, transcript))
  step('forget a transcript', false, extend, () => transcripts.forget(conversation, transcript))
  step('leave a line', true, join, () =>
    lines.leave(conversation, { ...place, leastAgeMs: 0, unlessShared: true, forgets: true }),
  )
  step('settle a dispatch', true, join, () => lines.settle(conversation, place, { root: 'r', length: 1, messages: 1 }))
  step('remove a run', true, created, () => begin(10_000).then(() => runs.remove(run)))
  const emptied = async () => {
    await join()
    await lines.settle(conversation, place, transcript)
  }
  step('close a line', false, emptied, () => lines.close(conversation))
  step(
    'remove a line',
    true,
    async () => {
      await emptied()
      await lines.close(conversation)
    },
    () => lines.remove(conversation),
  )
  step('extend a transcript', false, async () => {}, extend)
  step('hold a transcript', false, extend, () => transcripts.hold(run, transcript))
  step('begin a held run', true, created, () => begin(0))
  step('end a held run whose transcript is too long', true, created, () => begin(10_000))
}
