import type { Principal } from '../../access/principal.ts'
import type { ChannelId, ConversationKey } from '../../kernel/ids.ts'
import type { Facade } from '../facade/facade.ts'
import type { FrameReader } from '../facade/read-frames.ts'
import type { AskedRun } from './input/dispatch-of.ts'
import type { AgUiEvent, RunIds } from './stream/event.ts'
import type { HeldMessage } from './stream/message.ts'

/** A request for a run, whose caller may at least read the thread. */
export interface RunRequest {
  readonly facade: Facade
  readonly principal: Principal
  readonly asked: AskedRun
}

export interface OpenedRun {
  readonly reader: FrameReader<AgUiEvent>
  /** Null: no dispatch is at work. */
  readonly channel: ChannelId | null
}

export function idsOf({ asked }: RunRequest): RunIds {
  const { threadId, runId } = asked.input
  return { threadId, runId }
}

/** What the client has. */
export function heldBy({ asked }: RunRequest): readonly HeldMessage[] {
  return asked.input.messages.flatMap(({ id, role }) => (id === undefined ? [] : [{ id, role }]))
}

export function threadOf({ principal, asked }: RunRequest): ConversationKey {
  return { account: principal.account, conversation: asked.conversation }
}
