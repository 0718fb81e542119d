import type { Entry } from '../faults/judge-log.ts'
import type { World } from './world.ts'

/** These end a run although there are messages that no model has read. */
const unread = ['iteration', 'tokens', 'cost', 'activity', 'abort']

/**
 * Run 26 and 27: each message that was handed to a run is in its log once; a model call has all of them that the log has up to some place,
 * in its order, so each is in exactly one call first; and a run that completes has asked with all of them.
 */
export function judgeSteering(
  { clients, asked, losses }: Pick<World, 'clients' | 'asked' | 'losses'>,
  channel: string,
  log: readonly Entry[],
): string[] {
  const added = log.flatMap(({ kind, event }) => (kind === 'messages-added' ? idsIn(event) : []))
  const twice = added.filter((id, index) => added.indexOf(id) !== index)
  const lines = twice.map((id) => `${id} was added twice`)
  const missing = clients.added.filter((each) => each.channel === channel && !added.includes(each.id))
  lines.push(...missing.map(({ id }) => `${id} was acknowledged, and is not in the log`))
  // What a worker does until it learns that the store has gone back is not kept.
  if (losses() > 0) return lines
  const calls = asked.filter((each) => each.channel === channel)
  for (const call of calls) {
    if (call.added.join() !== added.slice(0, call.added.length).join()) {
      lines.push(`a model was asked with ${call.added}, the log has ${added}`)
    }
  }
  const ending = log.at(-1)
  const { result } = (ending?.event ?? {}) as { readonly result?: { readonly finishReason?: string } }
  if (ending?.kind !== 'dispatch-completed' || unread.includes(result?.finishReason ?? '')) return lines
  const last = added.at(-1)
  if (last !== undefined && !calls.some((call) => call.added.includes(last))) {
    lines.push(`it has completed, and no model was asked with ${last}`)
  }
  return lines
}

function idsIn(event: unknown): readonly string[] {
  return (event as { readonly messages: readonly { readonly id: string }[] }).messages.map(({ id }) => id)
}
