import type { ChannelEvent } from '../../src/conversation/event.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import type { AccountId, ChannelId } from '../../src/kernel/ids.ts'

/** A run that has been created and claimed, for whoever writes its log without a worker. */
export interface BegunRun {
  /** Rejects unless it was applied. */
  append(events: readonly ChannelEvent[]): Promise<void>
  /** Ends the run as completed, with this answer where there is one. */
  end(answer?: { readonly id: string; readonly text: string }): Promise<void>
}

const request = {
  backstory: null,
  functions: [],
  references: {},
  datasets: [],
  attachments: [],
  timeoutSeconds: null,
  model: 'demo',
  timezone: 'UTC',
  limits: { iterations: 1, continuations: 0, calls: 0 },
}

export async function beginRun(runs: RunStore, channel: string): Promise<BegunRun> {
  const key = await createRun(runs, channel)
  await runs.claim(key, { wake: 1, claim: 'claim', tag: 'claimed', lossLimit: 5 })
  let seq = 0
  const append = async (events: readonly ChannelEvent[]) => {
    seq += 1
    const { outcome } = await runs.append(key, { claim: 'claim', seq, tag: `tag${seq}`, events, open: [] })
    if (outcome !== 'applied') throw new Error(`An append to ${channel} was ${outcome}.`)
  }
  await append([{ type: 'iteration-started', iteration: 1 }])
  return {
    append,
    end: (answer) =>
      append([
        ...(answer === undefined ? [] : [{ type: 'message-completed', message: { type: 'bot', ...answer } } as const]),
        { type: 'iteration-finished', iteration: 1, finish: 'stop', usage: noUsage },
        { type: 'dispatch-completed', result: { text: answer?.text ?? '', finishReason: 'stop' }, usage: noUsage },
      ]),
  }
}

/** A run that is queued, and that the sweep looks at in an hour. */
export async function createRun(runs: RunStore, channel: string) {
  // Branded by hand, as the edges would mint them.
  const key = { account: 'local' as AccountId, channel: channel as ChannelId }
  const now = Date.now()
  await runs.create(key, {
    digest: 'digest',
    botId: null,
    contactId: null,
    notBefore: null,
    lookAt: now + 3_600_000,
    createdAt: now,
    epoch: 'epoch',
    tag: 'first',
    request,
    messages: [{ id: 'question', type: 'user', text: 'Hello' }],
  })
  return key
}
