import type { DispatchInput } from '../conversation/input/dispatch-input.ts'
import type { Message } from '../conversation/message.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import type { ChannelKey } from '../kernel/ids.ts'

/** What this server can do, so that a dispatch that asks for more is refused at once. app.ts wires it. */
export interface Preflight {
  /**
   * Looks up all that a dispatch refers to and fixes what its run will work with. BAD_USER_INPUT for what this server
   * does not have, NOT_FOUND for what the account does not have; both name each field.
   */
  resolve(dispatch: AcceptedDispatch): Promise<Resolved>
  models(): readonly ModelInfo[]
}

export interface AcceptedDispatch {
  readonly key: ChannelKey
  readonly input: DispatchInput
  /** The transcript that it goes on from, and its own. */
  readonly messages: readonly Message[]
  /** ms since 1970: the time that its placeholders tell. */
  readonly createdAt: number
}

export interface Resolved {
  readonly request: ConversationRequest
  readonly botId: string | null
  readonly contactId: string | null
}

export interface ModelInfo {
  /** What a dispatch names it by. */
  readonly id: string
  readonly provider: string
  readonly isDefault: boolean
}
