export { type Backchannel, type BackchannelOptions, createBackchannel } from './client.ts'
export type { TransportChoice } from './connection/choose-transport.ts'
export type { WebSocketConstructor } from './connection/socket.ts'
export type { ConversationState } from './conversation/conversation-state.ts'
export type { Conversation } from './conversation/conversations.ts'
export type { Credentials } from './credentials.ts'
export type { Abortable, Dispatched } from './dispatched.ts'
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
