import type { Redis } from 'ioredis'
import { createRedisLines } from '../../../../src/engines/redis/line/line-store.ts'
import { createRedisTranscriptStore } from '../../../../src/engines/redis/line/transcript-store.ts'
import { createRedisRunStore } from '../../../../src/engines/redis/run/run-store.ts'
import type { ChannelKey, ConversationId } from '../../../../src/kernel/ids.ts'
import { ids, newKey, newRun } from '../../../support/run/runs.ts'
import type { AddStep } from './script-steps.ts'

/** The scripts of conversations that write. */
export function lineSteps(redis: Redis, step: AddStep): void {
  const [first, run] = [newKey(), newKey()]
  const conversation = { account: run.account, conversation: `talk-${ids.nonce()}` as ConversationId }
  const retention = { logSeconds: 60, recordSeconds: 120 }
  const limits = { log: { maxEntries: 100, maxBytes: 10_000 }, accountBytes: 1e9 }
  const lines = createRedisLines(redis, { accountBytes: 1e9, keepSeconds: 120 })
  const transcripts = createRedisTranscriptStore(redis, retention)
  const runs = createRedisRunStore(redis, retention, limits)
  const turn = { conversation: conversation.conversation, ticket: 'ticket', createBy: 4_000_000_000_000 }
  const placeOf = ({ channel }: ChannelKey) => ({ channel, ticket: turn.ticket })
  const join = (of = first, upTo: string | null = null) =>
    lines.join(conversation, {
      ...placeOf(of),
      isRejoin: false,
      rejects: false,
      wish: null,
      upTo,
      contactId: 'contact_1',
    })
  const said = { origin: first.channel, messages: newRun().messages, turns: [] }
  const transcript = { root: `${conversation.conversation}/${said.origin}`, length: 1, messages: 1 }
  const extend = () => transcripts.extend(conversation, null, said)
  const settle = () => lines.settle(conversation, placeOf(first), transcript)
  const begin = (bytes: number) => runs.begin(run, { ...turn, transcript, refusal: null, bytes, tag: 'tag-begin' })
  const ended = async () => {
    await join()
    await runs.create(first, newRun({ turn }))
    await runs.cancel(first, { cancellation: { reason: null }, isForced: true, tag: 'tag-cancel' })
    await extend()
  }
  const emptied = async () => {
    await ended()
    await settle()
  }
  const created = async () => {
    await emptied()
    await join(run)
    await transcripts.hold(run, transcript)
    await runs.create(run, newRun({ turn }))
  }
  const toBeCut = async () => {
    await join(first, 'm1')
    await runs.create(first, newRun({ turn }))
    await extend()
  }
  const closed = async () => {
    await emptied()
    await lines.close(conversation)
  }

  step(
    'join a line',
    true,
    async () => {},
    () => join(),
  )
  step('cut the transcript of a line', true, toBeCut, () => lines.branch(conversation, placeOf(first), transcript))
  step('forget a transcript', false, extend, () => transcripts.forget(conversation, transcript))
  step(
    'leave a line',
    true,
    () => join(),
    () => lines.leave(conversation, { ...placeOf(first), leastAgeMs: 0, unlessShared: true, forgets: true }),
  )
  step('settle a dispatch', true, ended, settle)
  step('remove a run', true, created, () => begin(10_000).then(() => runs.remove(run)))
  step('close a line', false, emptied, () => lines.close(conversation))
  step('remove a line', true, closed, () => lines.remove(conversation))
  step('extend a transcript', false, async () => {}, extend)
  step('hold a transcript', false, extend, () => transcripts.hold(run, transcript))
  step('begin a held run', true, created, () => begin(0))
  step('end a held run whose transcript is too long', true, created, () => begin(10_000))
}
