export {
  type Abortable,
  type Backchannel,
  type BackchannelOptions,
  createBackchannel,
  type Dispatched,
} from './client.ts'
export type { TransportChoice } from './connection/choose-transport.ts'
export type { WebSocketConstructor } from './connection/socket.ts'
export type { Credentials } from './credentials.ts'
export { BackchannelError, type ErrorCode, type Issue } from './errors.ts'
export type { ChannelEvent } from './events.ts'
export type {
  DispatchConversationInput,
  DispatchStatus,
  FinishReason,
  FunctionAnswer,
  MessageInput,
  MessageType,
  SubmitFunctionResultInput,
} from './generated/operations.ts'
export type { ChannelState } from './state/live.ts'
export type { FunctionCall, Message, Usage } from './state/snapshot.ts'
export type { ChannelStore } from './state/stores.ts'
export type { WatchOptions } from './watching/watch.ts'
