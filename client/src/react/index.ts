export { BackchannelProvider, type BackchannelProviderProps, useBackchannel } from './provider.ts'
export { type UseChannel, useChannel } from './use-channel.ts'
export { type UseConversation, useConversation } from './use-conversation.ts'
export { type UseDispatch, useDispatch } from './use-dispatch.ts'
