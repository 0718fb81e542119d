import type { ChannelEvent } from '../../../src/conversation/event.ts'
import { noUsage } from '../../../src/conversation/usage.ts'
import type { AppendReply, NewRun, RunStore } from '../../../src/dispatch/run-store.ts'
import { type ChannelKey, createIds, localAccount } from '../../../src/kernel/ids.ts'
import { randomText } from '../../../src/kernel/random-text.ts'
import { request } from './facts.ts'

export const ids = createIds(randomText)

export function newKey(): ChannelKey {
  return { account: localAccount, channel: ids.channelId() }
}

export function newRun(over: Partial<NewRun> = {}): NewRun {
  return {
    digest: 'digest-1',
    notBefore: null,
    createdAt: 1_000,
    // Not while the test lasts.
    lookAt: 4_000_000_000_000,
    botId: null,
    contactId: null,
    request,
    messages: [{ id: 'm1', type: 'user', text: 'Hello' }],
    epoch: ids.nonce(),
    tag: ids.tag(),
    ...over,
  }
}

export interface TestWriter {
  readonly claim: string
  append(...events: ChannelEvent[]): Promise<AppendReply>
  /** One delta that goes on with the message. */
  say(text: string): Promise<AppendReply>
  finish(): Promise<AppendReply>
}

/** A run that has been created and claimed, to write with. Its log holds two entries. */
export async function startRun(runs: RunStore, key: ChannelKey, over: Partial<NewRun> = {}): Promise<TestWriter> {
  await runs.create(key, newRun(over))
  const claim = ids.nonce()
  await runs.claim(key, { wake: 1, claim, tag: ids.tag(), lossLimit: 5 })
  let seq = 0
  let position = 0
  const append = (...events: ChannelEvent[]) => {
    seq += 1
    return runs.append(key, { claim, seq, tag: ids.tag(), events, open: [] })
  }
  return {
    claim,
    append,
    say: (text) => {
      const delta = { type: 'text-delta', messageId: 'm2', position, text } as const
      position += text.length
      return append(delta)
    },
    finish: () =>
      append({ type: 'dispatch-completed', result: { text: 'done', finishReason: 'stop' }, usage: noUsage }),
  }
}
