/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The state of a dispatch. COMPLETED, FAILED and CANCELLED are final. */
export type DispatchStatus =
  /** The run was ended by `cancelDispatch`. */
  | 'CANCELLED'
  /** The run has ended with a result. */
  | 'COMPLETED'
  /** The run has ended with an error. */
  | 'FAILED'
  /** The run waits for its turn in its conversation, for that of its account, for the time in `notBefore`, for room in RUNNING_DISPATCHES, or for the limits of its provider. */
  | 'QUEUED'
  /** A worker is working on the run. */
  | 'RUNNING'
  /** The run waits for answers to function calls, or for a limit to be raised, and holds no worker. */
  | 'WAITING';

/** Why a completed run stopped. */
export type FinishReason =
  /** A function's answer asked to stop the run. */
  | 'ABORT'
  /** The model called a function that declares no `result`; the request is the last message. To go on, dispatch again with `continues` and an ACTIVITY response message. */
  | 'ACTIVITY'
  /** The limit on function calls was reached. */
  | 'CALLS'
  /** The limit on cost was reached. */
  | 'COST'
  /** The limit on iterations was reached. */
  | 'ITERATION'
  /** The model's output was cut off, and the continuations were used up. */
  | 'LENGTH'
  /** The model kept making the same function calls with the same arguments. */
  | 'LOOP'
  /** The model finished its answer. */
  | 'STOP'
  /** The limit on tokens was reached. */
  | 'TOKENS';

/** Where the answer to a function call comes from. */
export type FunctionAnswer =
  /** This server answers: the function belongs to a skillset, a dataset or a feature. */
  | 'ABILITY'
  /** The run ends, and the caller answers in a dispatch that continues it. */
  | 'CALLER'
  /** The answer is a message published on a channel. */
  | 'CHANNEL'
  /** The answer was given with the dispatch. */
  | 'STATIC'
  /** The answer comes through `submitFunctionResult`. */
  | 'SUBMIT';

/** What a limit counts. */
export type LimitKind =
  /** Function calls that the model made. */
  | 'CALLS'
  /** Money, in the unit of MODEL_PRICES. */
  | 'COST'
  /** Model calls. */
  | 'ITERATIONS'
  /** Input and output tokens together. */
  | 'TOKENS';

/** What a message is, and in which role the model reads it. */
export type MessageType =
  /** The request or the response of a function call, in `meta.activity`. The model does not see a request without a response, or a response without a request. */
  | 'ACTIVITY'
  /** Who the model is: the start of its system message. Only the last one counts, and only if neither the dispatch nor its bot has a `backstory`. */
  | 'BACKSTORY'
  /** What the model said. The model reads it in the role of the assistant. */
  | 'BOT'
  /** A marker in the conversation. The model reads it in the role of the user. */
  | 'CHECKPOINT'
  /** Background for the model, which reads it in the role of the user. */
  | 'CONTEXT'
  /** An instruction for the model, which reads it in the role of the user. */
  | 'INSTRUCTION'
  /** The reasoning of the model. It is returned to the model with the assistant's next message. */
  | 'REASONING'
  /** What a person said. The model reads it in the role of the user. */
  | 'USER';

/** The answer to a function call. Pass exactly one of `data` and `error`: `data` counts when its key is present, even if it is null; `error` counts when it is not null. */
export type SubmitFunctionResultInput = {
  /** The id of the call, from `pendingCalls` or FunctionResultAwaited. */
  readonly callId: string;
  /** The channel id of the dispatch. */
  readonly channelId: string;
  /** The answer: any JSON value, up to 250,000 characters as JSON and 100 levels deep. */
  readonly data?: unknown;
  /** Why there is no answer, 1 to 10,000 characters. The call fails with FAILED, and the model reads this text. */
  readonly error?: string | null | undefined;
};

export type DispatchTextMutationVariables = Exact<{
  text: string;
  model?: string | null | undefined;
  channelId?: string | null | undefined;
}>;


export type DispatchTextMutation = { readonly dispatchConversation: { readonly channelId: string } };

export type SubmitFunctionResultMutationVariables = Exact<{
  input: SubmitFunctionResultInput;
}>;


export type SubmitFunctionResultMutation = { readonly submitFunctionResult: { readonly dispatch: { readonly status: DispatchStatus } } };

export type PublishChannelMessageMutationVariables = Exact<{
  channelId: string;
  message: Readonly<Record<string, unknown>>;
}>;


export type PublishChannelMessageMutation = { readonly publishChannelMessage: { readonly channelId: string } };

export type ChannelEventsSubscriptionVariables = Exact<{
  channelId: string;
  after?: string | null | undefined;
}>;


export type ChannelEventsSubscription = { readonly channelEvents:
    | { readonly __typename: 'AttachmentFailed', readonly url: string, readonly cursor: string, readonly error: { readonly code: string, readonly message: string } }
    | { readonly __typename: 'ChannelMessagePublished', readonly payload: Readonly<Record<string, unknown>>, readonly cursor: string }
    | { readonly __typename: 'DispatchCancelled', readonly reason: string | null, readonly cursor: string, readonly usage: { readonly totalTokens: number } }
    | { readonly __typename: 'DispatchCompleted', readonly cursor: string, readonly result: { readonly text: string, readonly finishReason: FinishReason }, readonly usage: { readonly totalTokens: number } }
    | { readonly __typename: 'DispatchFailed', readonly cursor: string, readonly error: { readonly code: string, readonly message: string }, readonly usage: { readonly totalTokens: number } }
    | { readonly __typename: 'DispatchPaused', readonly cursor: string, readonly reachedLimit: { readonly kind: LimitKind, readonly used: number, readonly allowed: number }, readonly usage: { readonly totalTokens: number } }
    | { readonly __typename: 'DispatchQueued', readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }> }
    | { readonly __typename: 'DispatchStarted', readonly attempt: number, readonly model: string, readonly cursor: string }
    | { readonly __typename: 'FunctionCallCompleted', readonly data: unknown, readonly cursor: string, readonly call: { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null } }
    | { readonly __typename: 'FunctionCallFailed', readonly cursor: string, readonly call: { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null }, readonly error: { readonly code: string, readonly message: string } }
    | { readonly __typename: 'FunctionCallRequested', readonly cursor: string, readonly call: { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null } }
    | { readonly __typename: 'FunctionResultAwaited', readonly resultChannelId: string | null, readonly cursor: string, readonly call: { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null } }
    | { readonly __typename: 'IterationFinished', readonly iteration: number, readonly cursor: string, readonly usage: { readonly totalTokens: number } }
    | { readonly __typename: 'IterationStarted', readonly iteration: number, readonly cursor: string }
    | { readonly __typename: 'LimitsRaised', readonly cursor: string }
    | { readonly __typename: 'MessageCompleted', readonly cursor: string, readonly message: { readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean } }
    | { readonly __typename: 'MessageDiscarded', readonly messageId: string, readonly cursor: string }
    | { readonly __typename: 'MessagesAdded', readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }> }
    | { readonly __typename: 'ReasoningDelta', readonly messageId: string, readonly position: number, readonly text: string, readonly cursor: string }
    | { readonly __typename: 'TextDelta', readonly messageId: string, readonly position: number, readonly text: string, readonly cursor: string }
    | { readonly __typename: 'TranscriptTaken', readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }> }
   };

export type SnapshotQueryVariables = Exact<{
  channelId: string;
}>;


export type SnapshotQuery = { readonly dispatch: { readonly id: string, readonly status: DispatchStatus, readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }>, readonly pendingCalls: ReadonlyArray<{ readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null }>, readonly result: { readonly text: string, readonly finishReason: FinishReason } | null, readonly error: { readonly code: string, readonly message: string } | null } | null };

export type DispatchUpdatesSubscriptionVariables = Exact<{
  channelId: string;
}>;


export type DispatchUpdatesSubscription = { readonly dispatchUpdates: { readonly id: string, readonly status: DispatchStatus, readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }>, readonly pendingCalls: ReadonlyArray<{ readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null }>, readonly result: { readonly text: string, readonly finishReason: FinishReason } | null, readonly error: { readonly code: string, readonly message: string } | null } };

export type WholeDispatchFragment = { readonly id: string, readonly status: DispatchStatus, readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }>, readonly pendingCalls: ReadonlyArray<{ readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null }>, readonly result: { readonly text: string, readonly finishReason: FinishReason } | null, readonly error: { readonly code: string, readonly message: string } | null };

export type WholeMessageFragment = { readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean };

export type WholeCallFragment = { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null };

export const WholeMessageFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeMessage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"meta"}},{"kind":"Field","name":{"kind":"Name","value":"isComplete"}}]}}]} as unknown as DocumentNode<WholeMessageFragment, unknown>;
export const WholeCallFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeCall"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FunctionCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"arguments"}},{"kind":"Field","name":{"kind":"Name","value":"answer"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]} as unknown as DocumentNode<WholeCallFragment, unknown>;
export const WholeDispatchFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeDispatch"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispatch"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeMessage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pendingCalls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeCall"}}]}},{"kind":"Field","name":{"kind":"Name","value":"result"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"finishReason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeMessage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"meta"}},{"kind":"Field","name":{"kind":"Name","value":"isComplete"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeCall"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FunctionCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"arguments"}},{"kind":"Field","name":{"kind":"Name","value":"answer"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]} as unknown as DocumentNode<WholeDispatchFragment, unknown>;
export const DispatchTextDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DispatchText"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"text"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"model"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dispatchConversation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"channelId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"model"},"value":{"kind":"Variable","name":{"kind":"Name","value":"model"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"messages"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"type"},"value":{"kind":"EnumValue","value":"USER"}},{"kind":"ObjectField","name":{"kind":"Name","value":"text"},"value":{"kind":"Variable","name":{"kind":"Name","value":"text"}}}]}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelId"}}]}}]}}]} as unknown as DocumentNode<DispatchTextMutation, DispatchTextMutationVariables>;
export const SubmitFunctionResultDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SubmitFunctionResult"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SubmitFunctionResultInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"submitFunctionResult"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dispatch"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]} as unknown as DocumentNode<SubmitFunctionResultMutation, SubmitFunctionResultMutationVariables>;
export const PublishChannelMessageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PublishChannelMessage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"message"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"JSONObject"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"publishChannelMessage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"channelId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}}},{"kind":"Argument","name":{"kind":"Name","value":"message"},"value":{"kind":"Variable","name":{"kind":"Name","value":"message"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelId"}}]}}]}}]} as unknown as DocumentNode<PublishChannelMessageMutation, PublishChannelMessageMutationVariables>;
export const ChannelEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ChannelEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Cursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channelEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"channelId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DispatchQueued"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TranscriptTaken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MessagesAdded"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DispatchStarted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"attempt"}},{"kind":"Field","name":{"kind":"Name","value":"model"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IterationStarted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"iteration"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TextDelta"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"messageId"}},{"kind":"Field","name":{"kind":"Name","value":"position"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReasoningDelta"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"messageId"}},{"kind":"Field","name":{"kind":"Name","value":"position"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MessageCompleted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MessageDiscarded"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"messageId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IterationFinished"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"iteration"}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalTokens"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FunctionCallRequested"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeCall"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FunctionResultAwaited"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeCall"}}]}},{"kind":"Field","name":{"kind":"Name","value":"resultChannelId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FunctionCallCompleted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeCall"}}]}},{"kind":"Field","name":{"kind":"Name","value":"data"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FunctionCallFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"call"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeCall"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChannelMessagePublished"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payload"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AttachmentFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DispatchPaused"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reachedLimit"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"used"}},{"kind":"Field","name":{"kind":"Name","value":"allowed"}}]}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalTokens"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DispatchCompleted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"result"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"finishReason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalTokens"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DispatchFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalTokens"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DispatchCancelled"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalTokens"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeMessage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"meta"}},{"kind":"Field","name":{"kind":"Name","value":"isComplete"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeCall"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FunctionCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"arguments"}},{"kind":"Field","name":{"kind":"Name","value":"answer"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]} as unknown as DocumentNode<ChannelEventsSubscription, ChannelEventsSubscriptionVariables>;
export const SnapshotDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Snapshot"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dispatch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"channelId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeDispatch"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeMessage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"meta"}},{"kind":"Field","name":{"kind":"Name","value":"isComplete"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeCall"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FunctionCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"arguments"}},{"kind":"Field","name":{"kind":"Name","value":"answer"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeDispatch"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispatch"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeMessage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pendingCalls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeCall"}}]}},{"kind":"Field","name":{"kind":"Name","value":"result"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"finishReason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<SnapshotQuery, SnapshotQueryVariables>;
export const DispatchUpdatesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"DispatchUpdates"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dispatchUpdates"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"channelId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"channelId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeDispatch"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeMessage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"meta"}},{"kind":"Field","name":{"kind":"Name","value":"isComplete"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeCall"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FunctionCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"arguments"}},{"kind":"Field","name":{"kind":"Name","value":"answer"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"WholeDispatch"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispatch"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeMessage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pendingCalls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"WholeCall"}}]}},{"kind":"Field","name":{"kind":"Name","value":"result"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"finishReason"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]} as unknown as DocumentNode<DispatchUpdatesSubscription, DispatchUpdatesSubscriptionVariables>;