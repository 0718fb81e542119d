import { encodeEvent } from '../../../channel/entry-codec.ts'
import type { ChannelEvent } from '../../../conversation/event.ts'
import { isEnded } from '../../../conversation/run-status.ts'
import { type Addition, type AddReply, mostUnheard } from '../../../dispatch/added-messages.ts'
import type { Run } from '../../../dispatch/run.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { ownSize, sizeOf } from '../channel/log.ts'
import type { Pending } from './pending.ts'
import type { RunStoreParts } from './run-parts.ts'
import type { Loaded } from './run-row.ts'

export interface AddMessagesDeps extends Pick<RunStoreParts, 'ledger' | 'limits'> {
  readonly pending: Pending
  readonly toRun: (loaded: Loaded) => Run
  readonly write: (loaded: Loaded, tag: string, events: readonly ChannelEvent[]) => Loaded
}

/** Part of a command; as `add.lua`. */
export function addMessages(
  { ledger, limits, pending, toRun, write }: AddMessagesDeps,
  { account }: ChannelKey,
  loaded: Loaded,
  { messages, sawHeld, tag }: Addition,
): AddReply {
  const { run, log } = loaded
  const known = messages.map(({ message }) => pending.digestOfAdded(run.id, message.id))
  const clash = messages.findIndex(({ digest }, index) => (known[index] ?? digest) !== digest)
  if (clash !== -1) return { outcome: 'conflict', index: clash }
  const reply = (outcome: Exclude<AddReply['outcome'], 'conflict'>) => ({ outcome, run: toRun(loaded) }) as const
  const added = messages.filter((_message, index) => known[index] === null)
  if (added.length === 0) return reply('added')
  if (isEnded(run.status)) return reply('ended')
  if (sawHeld !== null && sawHeld !== (run.isHeld === 1)) return reply('changed')
  if (run.added - run.heard + added.length > mostUnheard) return reply('too-many')
  const event = { type: 'messages-added', messages: added.map(({ message }) => message) } as const
  const growth = sizeOf([encodeEvent(event)])
  const own = ownSize(log)
  if (own.entries >= limits.maxEntries || own.bytes + growth > limits.maxBytes) return reply('log-full')
  if (ledger.isFull(account, growth)) return reply('account-full')
  const bytes = run.bytes + pending.rememberAdded(run.id, added)
  const next = { log, run: { ...run, bytes, added: run.added + added.length } }
  return { outcome: 'added', run: toRun(write(next, tag, [event])) }
}
