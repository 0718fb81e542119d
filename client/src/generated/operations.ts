/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** A function that a model can call and the server executes. */
export type AbilityInput = {
  /** When to use the ability, up to 2000 characters. The model reads it. */
  readonly description: string;
  /** What the server does, and with which parameters, up to 1,000,000 UTF-16 code units. */
  readonly instruction: string;
  /** The caller's own data, kept as it is; at most 100 levels deep. */
  readonly meta?: Readonly<Record<string, unknown>> | null | undefined;
  /** The name, 1 to 200 characters. */
  readonly name: string;
  /** Whether each call waits, up to 7 days, until somebody approves it: `submitFunctionResult` with the data `{ "approved": true }`. Any other answer, such as `{ "approved": false, "reason": … }`, denies it, and the model reads why. Default: false. */
  readonly needsApproval?: boolean | null | undefined;
  /** The id of the secret that `${SECRET_DEFAULT}` stands for. NOT_FOUND when the account has no such secret. */
  readonly secretId?: string | null | undefined;
};

/** Messages for a run that has not ended. */
export type AddDispatchMessagesInput = {
  /** The channel id of the dispatch. */
  readonly channelId: string;
  /** At least one, up to 1000, of type USER, BOT, CONTEXT, INSTRUCTION or CHECKPOINT. Give them ids, so that the call can be repeated: a message that the run has already, from whatever call, is not added again. CONFLICT when the run has another message by that id. Without an id a message is always new. */
  readonly messages: ReadonlyArray<MessageInput>;
};

/** The form of the model's answers: JSON that fits a schema. For models whose provider has this; of others it is a BAD_USER_INPUT. The answer stays a text, which the caller parses: a model may refuse, or be cut at its limit of tokens. */
export type AnswerFormatInput = {
  /** What the answer is for, 1 to 10,000 characters. The model may read it. */
  readonly description?: string | null | undefined;
  /** True: the provider holds the model to the schema, where it makes that difference (OpenAI: every property is required, and no others are allowed). Default: false. */
  readonly isStrict?: boolean | null | undefined;
  /** What the answer is called: up to 64 of A-Z a-z 0-9 _ -. The model may read it. */
  readonly name: string;
  /** A JSON Schema that describes an object, up to 250,000 characters as JSON and 100 levels deep. It goes to the provider as it is: the provider may take a part of JSON Schema only, and the run then fails with MODEL_REJECTED. */
  readonly schema: Readonly<Record<string, unknown>>;
};

/** A file for the model. The run fetches it when it starts: at most 8 MB each, and 20 MB of images and PDFs in total. A file that cannot be fetched, is not what its server calls it, or is too large for the model is left out: the model is told, and the run goes on. */
export type AttachmentInput = {
  /** The http:// or https:// URL of the file, up to 4096 characters. */
  readonly url: string;
};

/** What a channel token may do besides reading the channel. Reading shows what an end user may see: no backstories, instructions or context, and no fields of the bot or the contact. */
export type ChannelPermission =
  /** Allows `submitFunctionResult` for calls of the dispatch on the channel. */
  | 'ANSWER'
  /** Allows `cancelDispatch` for the dispatch on the channel. */
  | 'CANCEL'
  /** Allows `publishChannelMessage` on the channel. */
  | 'PUBLISH';

/** A token for the channel of the dispatch. */
export type ChannelTokenInput = {
  /** What the token may do besides reading. Default: nothing. */
  readonly allow?: ReadonlyArray<ChannelPermission> | null | undefined;
  /** How long the token is valid, 1 to 2,592,000 seconds (30 days). Default: 3600 (one hour). */
  readonly expiresInSeconds?: number | null | undefined;
};

/** The fields of a contact. In an update, an absent field stays as it is, and null clears it. */
export type ContactInput = {
  /** What is known about the person, up to 2000 characters. */
  readonly description?: string | null | undefined;
  /** An e-mail address, up to 200 characters. Its form is not checked. */
  readonly email?: string | null | undefined;
  /** The caller's own key for the person, such as a user id, 1 to 200 characters, unique within the account. */
  readonly fingerprint?: string | null | undefined;
  /** The caller's own data, kept as it is; at most 100 levels deep. */
  readonly meta?: Readonly<Record<string, unknown>> | null | undefined;
  /** The name of the person, up to 200 characters. */
  readonly name?: string | null | undefined;
  /** How the person wants to be addressed, up to 200 characters. */
  readonly nick?: string | null | undefined;
  /** A telephone number, up to 200 characters. Its form is not checked. */
  readonly phone?: string | null | undefined;
};

/** A conversation for a worker to complete in the background. */
export type DispatchConversationInput = {
  /** The form of the answers. Default: text as the model likes. With a form, `limits.continuations` is 0 unless it is given. */
  readonly answerFormat?: AnswerFormatInput | null | undefined;
  /** Files for the model, at most 20. A file that cannot be fetched does not end the run (see AttachmentFailed). */
  readonly attachments?: ReadonlyArray<AttachmentInput> | null | undefined;
  /** Who the model is: the start of its system message, up to 1,000,000 UTF-16 code units. Default: the backstory of the bot, else the last message of type BACKSTORY. */
  readonly backstory?: string | null | undefined;
  /** The id of a stored bot. Fields of this input override those of the bot. The bot is read when the dispatch is accepted; changing it later does not change this run. NOT_FOUND when the account has no such bot. */
  readonly botId?: string | null | undefined;
  /** The id of the channel that receives the events: 16 to 128 of A-Z a-z 0-9 _ -. Choosing it makes the dispatch idempotent: sending the same id and the same input again returns the existing run; the same id with another input is a CONFLICT. Default: a new, globally unique id. */
  readonly channelId?: string | null | undefined;
  /** Also mints a token for this channel. The token is not part of the dispatch: sending the same dispatch again returns a fresh token. UNAVAILABLE on a server that uses Redis and has no TOKEN_SECRET. */
  readonly channelToken?: ChannelTokenInput | null | undefined;
  /** The person the conversation is with, looked up by `fingerprint`, which is required here. Creates the contact if none has that fingerprint; never changes an existing one. */
  readonly contact?: ContactInput | null | undefined;
  /** The id of a stored contact: the person the conversation is with. Pass this or `contact`, not both. NOT_FOUND when the account has no such contact. */
  readonly contactId?: string | null | undefined;
  /** The channel id of an ended dispatch of the same account. Its transcript comes first, and `messages` follow it. CONFLICT while that dispatch has not ended; NOT_FOUND when it does not exist or its log has been removed. */
  readonly continues?: string | null | undefined;
  /** Of the dispatch in `continues`, or of the conversation: its transcript is taken only up to and including the message with this id. What came after it is left out of the transcript from now on; its dispatches can still be read. To regenerate an answer: the id of its question, and no messages. To edit a question: the id of the message before it. In a conversation the transcript is cut when the turn of the dispatch comes; it fails with CONFLICT when the message is no longer there by then. BAD_USER_INPUT when there is no message by that id. */
  readonly continuesUpTo?: string | null | undefined;
  /** The conversation that this dispatch belongs to: 16 to 128 of A-Z a-z 0-9 _ -. It comes to be with its first dispatch. Its dispatches run one at a time, in the order in which they were accepted; each begins with what the conversation has said by then, and `messages` follow it. One with `notBefore` holds up those behind it. Not with `continues`. LIMIT_EXCEEDED when 100 of its dispatches have not ended. */
  readonly conversationId?: string | null | undefined;
  /** The id of a stored dataset. It is read when the dispatch is accepted; changing it later does not change this run. Default: the dataset of the bot. NOT_FOUND when the account has no such dataset. */
  readonly datasetId?: string | null | undefined;
  /** Additional knowledge and abilities for this dispatch only. */
  readonly extensions?: ExtensionsInput | null | undefined;
  /** The functions that the model may call, at most 100. Default: none. */
  readonly functions?: ReadonlyArray<FunctionInput> | null | undefined;
  /** Limits on the work of the run. For the defaults see LimitsInput. */
  readonly limits?: LimitsInput | null | undefined;
  /** The messages to begin with, up to 1000. At least one, unless `continues` is given, or `conversationId` with `continuesUpTo`. */
  readonly messages: ReadonlyArray<MessageInput>;
  /** The caller's own data, up to 16,000 characters as JSON, at most 100 levels deep: kept with the dispatch, told to webhooks, never told to the model. */
  readonly meta?: Readonly<Record<string, unknown>> | null | undefined;
  /** The model, as `provider:name` with optional `/key=value` settings, 1 to 500 characters; the query `models` lists the names. Default: the model of the bot, else the default model of the server. */
  readonly model?: string | null | undefined;
  /** The run does not start before this time, which is at most 366 days ahead. Default, and for a time in the past: it starts at once. */
  readonly notBefore?: string | null | undefined;
  /** Among the account's queued dispatches those of higher priority are begun first, and those of one priority in order. -100 to 100, default 0. Says nothing across accounts: those get their turns. */
  readonly priority?: number | null | undefined;
  /** The id of a stored skillset. It is read when the dispatch is accepted; changing it later does not change this run. Default: the skillset of the bot. NOT_FOUND when the account has no such skillset. */
  readonly skillsetId?: string | null | undefined;
  /** How many seconds the run may work, 1 to 1,209,600 (14 days). A run that takes longer fails with TIMEOUT. Waiting for answers does not count. Default: no limit. */
  readonly timeoutSeconds?: number | null | undefined;
  /** The time zone for dates and times in the run. Default: the X-Timezone header, else UTC. */
  readonly timezone?: string | null | undefined;
  /** Tells this webhook, and no other, of this dispatch. Default: every webhook of the account that is switched on. NOT_FOUND when the account has no such webhook. */
  readonly webhookId?: string | null | undefined;
  /** What is done while the conversation has a dispatch that has not ended. Only with `conversationId`. Default: ENQUEUE. */
  readonly whenBusy?: WhenBusy | null | undefined;
};

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

/** Knowledge and abilities that a dispatch gives its model, in addition to those of the bot. */
export type ExtensionsInput = {
  /** Text for the end of the system message, up to 1,000,000 UTF-16 code units. */
  readonly backstory?: string | null | undefined;
  /** The datasets, at most 20. */
  readonly datasets?: ReadonlyArray<InlineDatasetInput> | null | undefined;
  /** The features to switch on, at most 50. */
  readonly features?: ReadonlyArray<FeatureInput> | null | undefined;
  /** The skillsets, at most 20. */
  readonly skillsets?: ReadonlyArray<InlineSkillsetInput> | null | undefined;
};

/** A feature to switch on for one dispatch. An unknown name or option is a BAD_USER_INPUT that lists the known ones. */
export type FeatureInput = {
  /** The name of the feature, such as `time` or `notes`. Each name may appear once. */
  readonly name: string;
  /** The options of the feature, if it has any. */
  readonly options?: Readonly<Record<string, unknown>> | null | undefined;
};

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

/** When the model must call a function. A model that ignores this does not block the run. */
export type FunctionCallPolicyInput = {
  /** True: the model must call the function after it has finished its answer. Several such functions are called in their order, one per iteration. Default: false. */
  readonly end?: boolean | null | undefined;
  /** True: the model must call the function before anything else. Several such functions are called in their order, one per iteration. Default: false. */
  readonly start?: boolean | null | undefined;
};

/** A function that the model may call. */
export type FunctionInput = {
  /** When the model must call the function. Default: the model decides. */
  readonly call?: FunctionCallPolicyInput | null | undefined;
  /** What the function does and when to call it, 1 to 10,000 characters. The model reads it. */
  readonly description: string;
  /** The name: up to 64 of A-Z a-z 0-9 _ $, starting with a letter or $. Unique within the dispatch. */
  readonly name: string;
  /** A JSON Schema for the arguments that describes an object, up to 250,000 characters as JSON and 100 levels deep. `$schema` may name draft 04 to 2020-12 or OpenAPI 3.0. Arguments that violate it fail the call with BAD_ARGUMENTS, and the model reads why. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Where the answer comes from. If absent, the run ends with finish reason ACTIVITY when the model calls the function; to go on, dispatch again with `continues` and an ACTIVITY response message. */
  readonly result?: FunctionResultInput | null | undefined;
  /** How long the run waits for an answer, 1 to 2,592,000 seconds (30 days). After that the call fails with TIMEOUT and the run goes on. Default: 604,800 (7 days). */
  readonly timeoutSeconds?: number | null | undefined;
};

/** Where the answers of a function come from. Pass exactly one of the three fields: `data` counts when its key is present, even if it is null; `channel` and `await` count when they are not null. */
export type FunctionResultInput = {
  /** True: the run waits for `submitFunctionResult`. False is a BAD_USER_INPUT. */
  readonly await?: boolean | null | undefined;
  /** The run waits for a message published on this channel (16 to 128 of A-Z a-z 0-9 _ -). A truthy `abort` in the message stops the run, and a truthy `error` fails the call; otherwise `result` is the answer, or the whole message if it has no `result`. Calls that wait on the same channel are served first come, first served. A message published up to one minute before the call also counts. */
  readonly channel?: string | null | undefined;
  /** An answer that is known in advance: any JSON value, including null, 0, "" and false. Up to 250,000 characters as JSON and 100 levels deep. */
  readonly data?: unknown;
};

/** Knowledge for one dispatch. Datasets of up to about 2,000 tokens each, 4,000 in total, become part of the system message; for the others the model gets a search function. */
export type InlineDatasetInput = {
  /** What the dataset contains, up to 2000 characters. The model reads it. */
  readonly description?: string | null | undefined;
  /** The name, up to 200 characters. The model reads it. */
  readonly name?: string | null | undefined;
  /** The records, at most 10,000, and at most 16,000,000 bytes as JSON in total. */
  readonly records: ReadonlyArray<RecordInput>;
};

/** Abilities for one dispatch. Each becomes a function that the model may call and the server executes. */
export type InlineSkillsetInput = {
  /** The abilities, at most 100. */
  readonly abilities: ReadonlyArray<AbilityInput>;
  /** What the abilities are for, up to 2000 characters. The model reads it. */
  readonly description?: string | null | undefined;
  /** The name, up to 200 characters. The model reads it. */
  readonly name?: string | null | undefined;
};

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

/** Limits on the work of a run. They are looked at before each model call, so the last call may go beyond; a model that stops by itself completes with STOP, whatever was used. The finish reason tells which limit stopped a run. */
export type LimitsInput = {
  /** How many function calls the run may execute: 0 to 100,000. Further calls fail with LIMIT_EXCEEDED, and the run completes with CALLS before its next iteration. Default: the server setting DEFAULT_CALLS (1000). */
  readonly calls?: number | null | undefined;
  /** How many model calls may continue an output that was cut off or empty: 0 to 1000. If the output is still cut off after the last one, the run completes with LENGTH, also where `whenReached` is PAUSE. Default: the server setting DEFAULT_CONTINUATIONS (20). */
  readonly continuations?: number | null | undefined;
  /** How much money the run may cost, in the unit of MODEL_PRICES: more than 0, at most 1,000,000,000. Then it completes with COST. The price is that of the time of the dispatch. BAD_USER_INPUT for a model without a price. Default: no limit. */
  readonly cost?: number | null | undefined;
  /** How many model calls the run may make, continuations included: 1 to 1000. The function calls of the last one are still executed; then the run completes with ITERATION. Default: the server setting DEFAULT_ITERATIONS (100). */
  readonly iterations?: number | null | undefined;
  /** How many input and output tokens together the run may use, as the provider counts them: 1 to 2,147,483,647. Then it completes with TOKENS. Answers that were discarded because the provider failed count. When fewer than about 4000 are left, the model is told to write no more than that. Default: no limit. */
  readonly tokens?: number | null | undefined;
  /** What is done when `iterations`, `calls`, `tokens` or `cost` is used up. Default: END. */
  readonly whenReached?: WhenLimitReached | null | undefined;
};

/** A message to begin the conversation with. The model does not see messages with empty text, except those of type ACTIVITY. */
export type MessageInput = {
  /** The caller's id for the message, 1 to 128 characters, unique within the dispatch. It is kept, so an optimistic user interface can match it. Default: a new, globally unique id. */
  readonly id?: string | null | undefined;
  /** The caller's own data, kept as it is; at most 100 levels deep. For ACTIVITY: {activity: {type: request | response, function: {name, arguments, result}}}. */
  readonly meta?: Readonly<Record<string, unknown>> | null | undefined;
  /** The text, up to 1,000,000 UTF-16 code units. */
  readonly text: string;
  /** What the message is. */
  readonly type: MessageType;
};

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

/** One piece of knowledge in a dataset. */
export type RecordInput = {
  /** The caller's own data, kept as it is; at most 100 levels deep. The model reads it together with the text. In an update, an absent `meta` stays as it is, and null clears it. */
  readonly meta?: Readonly<Record<string, unknown>> | null | undefined;
  /** The text, up to 1,000,000 UTF-16 code units. The model reads it. */
  readonly text: string;
};

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

/** What becomes of a dispatch whose conversation has another one that has not ended. */
export type WhenBusy =
  /** The dispatch waits behind those before it. */
  | 'ENQUEUE'
  /** Those that have not ended are cancelled, and the dispatch begins. What they and their callers have said stays in the transcript. One that ends by itself before it is cancelled stays as it is. */
  | 'INTERRUPT'
  /** The dispatch is refused with CONFLICT. */
  | 'REJECT'
  /** Those that have not ended are cancelled, and neither their messages nor what they said is in the transcript; their channels can still be read. One that ends by itself before it is cancelled stays as it is, and stays in the transcript. */
  | 'ROLLBACK'
  /** The messages are handed to the dispatch that is at work, or is next, as by addDispatchMessages; no dispatch is created, and the payload has that one. The rest of the input is for the dispatch that is created when the conversation is idle. CONFLICT when it is not, and there are `attachments`, `continuesUpTo`, or messages that `addDispatchMessages` does not take. Sending the same again, with ids of messages or with `channelId`, hands nothing over twice. */
  | 'STEER';

/** What is done when a limit on iterations, calls, tokens or cost is used up. */
export type WhenLimitReached =
  /** The run completes with what it has; its finish reason is ITERATION, CALLS, TOKENS or COST. */
  | 'END'
  /** The run is WAITING, holding no worker, until its limits are raised or it is cancelled, for 30 days at most; then it completes as with END. */
  | 'PAUSE';

export type WholeMessageFragment = { readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean };

export type WholeCallFragment = { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null };

export type WholeUsageFragment = { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null };

export type WholeDispatchFragment = { readonly channelId: string, readonly status: DispatchStatus, readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }>, readonly pendingCalls: ReadonlyArray<{ readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null }>, readonly result: { readonly text: string, readonly finishReason: FinishReason } | null, readonly error: { readonly code: string, readonly message: string } | null, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null } };

export type ChannelEventsSubscriptionVariables = Exact<{
  channelId: string;
  after?: string | null | undefined;
}>;


export type ChannelEventsSubscription = { readonly channelEvents:
    | { readonly __typename: 'AttachmentFailed', readonly url: string, readonly cursor: string, readonly at: string, readonly error: { readonly code: string, readonly message: string } }
    | { readonly __typename: 'ChannelMessagePublished', readonly payload: Readonly<Record<string, unknown>>, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'DispatchCancelled', readonly reason: string | null, readonly cursor: string, readonly at: string, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null } }
    | { readonly __typename: 'DispatchCompleted', readonly cursor: string, readonly at: string, readonly result: { readonly text: string, readonly finishReason: FinishReason }, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null } }
    | { readonly __typename: 'DispatchFailed', readonly cursor: string, readonly at: string, readonly error: { readonly code: string, readonly message: string }, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null } }
    | { readonly __typename: 'DispatchPaused', readonly cursor: string, readonly at: string, readonly reachedLimit: { readonly kind: LimitKind, readonly used: number, readonly allowed: number }, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null } }
    | { readonly __typename: 'DispatchQueued', readonly cursor: string, readonly at: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }> }
    | { readonly __typename: 'DispatchStarted', readonly attempt: number, readonly model: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'FunctionCallCompleted', readonly data: unknown, readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null } }
    | { readonly __typename: 'FunctionCallFailed', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null }, readonly error: { readonly code: string, readonly message: string } }
    | { readonly __typename: 'FunctionCallRequested', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null } }
    | { readonly __typename: 'FunctionResultAwaited', readonly resultChannelId: string | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null } }
    | { readonly __typename: 'IterationFinished', readonly iteration: number, readonly cursor: string, readonly at: string, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null } }
    | { readonly __typename: 'IterationStarted', readonly iteration: number, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'LimitsRaised', readonly cursor: string, readonly at: string }
    | { readonly __typename: 'MessageCompleted', readonly cursor: string, readonly at: string, readonly message: { readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean } }
    | { readonly __typename: 'MessageDiscarded', readonly messageId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'MessagesAdded', readonly cursor: string, readonly at: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }> }
    | { readonly __typename: 'ReasoningDelta', readonly messageId: string, readonly position: number, readonly text: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'TextDelta', readonly messageId: string, readonly position: number, readonly text: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'TranscriptTaken', readonly cursor: string, readonly at: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }> }
   };

export type SnapshotQueryVariables = Exact<{
  channelId: string;
}>;


export type SnapshotQuery = { readonly dispatch: { readonly channelId: string, readonly status: DispatchStatus, readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }>, readonly pendingCalls: ReadonlyArray<{ readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null }>, readonly result: { readonly text: string, readonly finishReason: FinishReason } | null, readonly error: { readonly code: string, readonly message: string } | null, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null } } | null };

export type DispatchMutationVariables = Exact<{
  input: DispatchConversationInput;
}>;


export type DispatchMutation = { readonly dispatchConversation: { readonly channelToken: { readonly token: string, readonly expiresAt: string } | null, readonly dispatch: { readonly channelId: string, readonly status: DispatchStatus, readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }>, readonly pendingCalls: ReadonlyArray<{ readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null }>, readonly result: { readonly text: string, readonly finishReason: FinishReason } | null, readonly error: { readonly code: string, readonly message: string } | null, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null } } } };

export type ConversationUpdatesSubscriptionVariables = Exact<{
  conversationId: string;
}>;


export type ConversationUpdatesSubscription = { readonly conversationUpdates: { readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }>, readonly current: { readonly channelId: string, readonly status: DispatchStatus, readonly cursor: string, readonly messages: ReadonlyArray<{ readonly id: string, readonly type: MessageType, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null, readonly isComplete: boolean }>, readonly pendingCalls: ReadonlyArray<{ readonly id: string, readonly name: string, readonly arguments: unknown, readonly answer: FunctionAnswer, readonly deadline: string | null }>, readonly result: { readonly text: string, readonly finishReason: FinishReason } | null, readonly error: { readonly code: string, readonly message: string } | null, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly totalTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly cost: number | null } } | null, readonly dispatches: { readonly edges: ReadonlyArray<{ readonly node: { readonly channelId: string, readonly status: DispatchStatus, readonly error: { readonly code: string, readonly message: string } | null } }> } } };

export type AnswerMutationVariables = Exact<{
  input: SubmitFunctionResultInput;
}>;


export type AnswerMutation = { readonly submitFunctionResult: { readonly dispatch: { readonly status: DispatchStatus } } };

export type AddMessagesMutationVariables = Exact<{
  input: AddDispatchMessagesInput;
}>;


export type AddMessagesMutation = { readonly addDispatchMessages: { readonly dispatch: { readonly status: DispatchStatus } } };

export type CancelMutationVariables = Exact<{
  channelId: string;
  reason?: string | null | undefined;
}>;


export type CancelMutation = { readonly cancelDispatch: { readonly dispatch: { readonly status: DispatchStatus } } };
