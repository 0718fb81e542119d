import type { DispatchInput } from '../conversation/input/dispatch-input.ts'
import type { Message } from '../conversation/message.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import type { ChannelKey } from '../kernel/ids.ts'

/** What this server can do. A dispatch that asks for more is refused at once. app.ts wires it. */
export interface Preflight {
  /**
   * Looks up everything that a dispatch refers to and fixes what its run will work with. Throws BAD_USER_INPUT for what this
   * server does not have and NOT_FOUND for what the account does not have. Both name each field.
   */
  resolve(dispatch: AcceptedDispatch): Promise<Resolved>
  models(): readonly ModelInfo[]
}

export interface AcceptedDispatch {
  readonly key: ChannelKey
  readonly input: DispatchInput
  /** The transcript that it continues, then its own messages. */
  readonly messages: readonly Message[]
  /** In ms since 1970. Placeholders for the time have this value. */
  readonly createdAt: number
}

export interface Resolved {
  readonly request: ConversationRequest
  readonly botId: string | null
  readonly contactId: string | null
}

export interface ModelInfo {
  /** The name that a dispatch uses. */
  readonly id: string
  readonly provider: string
  readonly isDefault: boolean
}
