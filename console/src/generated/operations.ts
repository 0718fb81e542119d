/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

/** The fields of a bot. In an update, an absent field stays as it is, and null clears it. */
export type BotInput = {
  /** Who the model is: the start of its system message, up to 1,000,000 UTF-16 code units. */
  readonly backstory?: string | null | undefined;
  /** The id of a stored dataset. NOT_FOUND when the account has no such dataset. */
  readonly datasetId?: string | null | undefined;
  /** What the bot is for, up to 2000 characters. */
  readonly description?: string | null | undefined;
  /** The model, as `provider:name` with optional `/key=value` settings, 1 to 500 characters; the query `models` lists the names. BAD_USER_INPUT for a model that this server does not have. Default: none; the dispatch or the server decides. */
  readonly model?: string | null | undefined;
  /** The name of the bot, up to 200 characters. */
  readonly name?: string | null | undefined;
  /** The id of a stored skillset. NOT_FOUND when the account has no such skillset. */
  readonly skillsetId?: string | null | undefined;
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

/** A dataset and its records. */
export type DatasetInput = {
  /** What the dataset contains, up to 2000 characters. The model reads it. */
  readonly description?: string | null | undefined;
  /** The name of the dataset, up to 200 characters. */
  readonly name?: string | null | undefined;
  /** The records. At most 10,000, and at most 16,000,000 bytes as JSON in total. */
  readonly records: ReadonlyArray<RecordInput>;
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

/** The limits that a run has from now on. */
export type RaiseDispatchLimitsInput = {
  /** The channel id of the dispatch. */
  readonly channelId: string;
  /** The limits to set: at least one. A field left out, or null, stays as it is. Each is the total for the whole run, not what is added to it. `whenReached: END` lets a paused run complete with what it has. */
  readonly limits: LimitsInput;
};

/** One piece of knowledge in a dataset. */
export type RecordInput = {
  /** The caller's own data, kept as it is; at most 100 levels deep. The model reads it together with the text. In an update, an absent `meta` stays as it is, and null clears it. */
  readonly meta?: Readonly<Record<string, unknown>> | null | undefined;
  /** The text, up to 1,000,000 UTF-16 code units. The model reads it. */
  readonly text: string;
};

/** A secret and its value. */
export type SecretInput = {
  /** The name, 1 to 200 characters. References write it in capitals, with `_` for every character that is not a letter or digit; in that form it is unique within the account. */
  readonly name: string;
  /** How the value goes into a header. Default: PLAIN. */
  readonly type?: SecretType | null | undefined;
  /** The value, 1 to 16,384 bytes. It is stored encrypted and never read back. */
  readonly value: string;
};

/** How the value of a secret goes into the header of a request. */
export type SecretType =
  /** The value is `user:password`; it goes into a header as `Basic …`, encoded in base64. */
  | 'BASIC'
  /** The value is a token; it goes into a header as `Bearer …`. */
  | 'BEARER'
  /** The value goes into a header as it is. */
  | 'PLAIN';

/** A skillset and its abilities. */
export type SkillsetInput = {
  /** The abilities, at most 100. */
  readonly abilities: ReadonlyArray<AbilityInput>;
  /** What the skillset is for, up to 2000 characters. The model reads it. */
  readonly description?: string | null | undefined;
  /** The name of the skillset, up to 200 characters. */
  readonly name?: string | null | undefined;
};

/** The changes to a dataset: an absent field stays as it is, null clears it. */
export type UpdateDatasetInput = {
  /** What the dataset contains, up to 2000 characters. The model reads it. */
  readonly description?: string | null | undefined;
  /** The name of the dataset, up to 200 characters. */
  readonly name?: string | null | undefined;
  /** The records that replace all existing ones; they get new ids. At most 10,000, and at most 16,000,000 bytes as JSON in total. */
  readonly records?: ReadonlyArray<RecordInput> | null | undefined;
};

/** The changes to a secret: an absent field stays as it is. */
export type UpdateSecretInput = {
  /** The name, 1 to 200 characters. References write it in capitals, with `_` for every character that is not a letter or digit; in that form it is unique within the account. It cannot be null. */
  readonly name?: string | null | undefined;
  /** How the value goes into a header. Null sets PLAIN. */
  readonly type?: SecretType | null | undefined;
  /** A new value, 1 to 16,384 bytes. It replaces the old one and cannot be null. */
  readonly value?: string | null | undefined;
};

/** The changes to a skillset: an absent field stays as it is, null clears it. */
export type UpdateSkillsetInput = {
  /** The abilities that replace all existing ones, at most 100; they get new ids. */
  readonly abilities?: ReadonlyArray<AbilityInput> | null | undefined;
  /** What the skillset is for, up to 2000 characters. The model reads it. */
  readonly description?: string | null | undefined;
  /** The name of the skillset, up to 200 characters. */
  readonly name?: string | null | undefined;
};

/** The changes to a webhook: an absent field stays as it is. */
export type UpdateWebhookInput = {
  /** The caller's own words, at most 10,000 characters. Null clears it. */
  readonly description?: string | null | undefined;
  /** What it is told of. Null: everything. */
  readonly events?: ReadonlyArray<WebhookEvent> | null | undefined;
  /** False switches it off: deliveries whose time comes meanwhile fail. True switches it on again. It cannot be null. */
  readonly isEnabled?: boolean | null | undefined;
  /** An http:// or https:// URL, at most 4,096 characters, without user name and password. BAD_USER_INPUT where requests to it are refused, as those to internal addresses are. It cannot be null. What has failed is sent there, too. */
  readonly url?: string | null | undefined;
};

/** What became of a delivery. */
export type WebhookDeliveryStatus =
  /** The endpoint answered with a status from 200 to 299. */
  | 'DELIVERED'
  /** It is sent no more: the last of ten attempts failed, the endpoint answered with 410, or the webhook was switched off. */
  | 'FAILED'
  /** It is sent at `nextAttemptAt`. */
  | 'PENDING';

/** What a webhook can be told of. */
export type WebhookEvent =
  /** Somebody has cancelled the run. */
  | 'DISPATCH_CANCELLED'
  /** The run ended with a result. */
  | 'DISPATCH_COMPLETED'
  /** The run ended with an error. */
  | 'DISPATCH_FAILED'
  /** The run waits: for answers to function calls that its caller gives, or, paused by a limit, for that to be raised. */
  | 'DISPATCH_WAITING';

/** An endpoint, and what it is told of. */
export type WebhookInput = {
  /** The caller's own words, at most 10,000 characters. */
  readonly description?: string | null | undefined;
  /** What it is told of. Default: everything. */
  readonly events?: ReadonlyArray<WebhookEvent> | null | undefined;
  /** An http:// or https:// URL, at most 4,096 characters, without user name and password. BAD_USER_INPUT where requests to it are refused, as those to internal addresses are. */
  readonly url: string;
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

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { readonly overview: { readonly queued: number, readonly running: number, readonly waiting: number, readonly paused: number, readonly oldestQueuedAt: string | null, readonly lastHour: { readonly tokens: number, readonly cost: number, readonly failures: ReadonlyArray<{ readonly code: string, readonly count: number }> }, readonly today: { readonly tokens: number, readonly cost: number } } };

export type BotRowFragment = { readonly id: string, readonly name: string | null, readonly model: string | null, readonly updatedAt: string };

export type BotsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type BotsQuery = { readonly bots: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null, readonly model: string | null, readonly updatedAt: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type BotByIdQueryVariables = Exact<{
  id: string;
}>;


export type BotByIdQuery = { readonly bot: { readonly description: string | null, readonly backstory: string | null, readonly id: string, readonly name: string | null, readonly model: string | null, readonly updatedAt: string, readonly dataset: { readonly id: string, readonly name: string | null } | null, readonly skillset: { readonly id: string, readonly name: string | null } | null } | null };

export type CreateBotMutationVariables = Exact<{
  input: BotInput;
}>;


export type CreateBotMutation = { readonly createBot: { readonly id: string } };

export type UpdateBotMutationVariables = Exact<{
  id: string;
  input: BotInput;
}>;


export type UpdateBotMutation = { readonly updateBot: { readonly id: string } };

export type DeleteBotMutationVariables = Exact<{
  id: string;
}>;


export type DeleteBotMutation = { readonly deleteBot: { readonly id: string } };

export type ResourceChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type ResourceChoicesQuery = { readonly models: ReadonlyArray<{ readonly id: string, readonly isDefault: boolean }>, readonly datasets: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null } }> }, readonly skillsets: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null } }> }, readonly secrets: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string } }> } };

export type ContactRowFragment = { readonly id: string, readonly name: string | null, readonly email: string | null, readonly fingerprint: string | null, readonly updatedAt: string };

export type ContactsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ContactsQuery = { readonly contacts: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null, readonly email: string | null, readonly fingerprint: string | null, readonly updatedAt: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ContactByIdQueryVariables = Exact<{
  id: string;
}>;


export type ContactByIdQuery = { readonly contact: { readonly description: string | null, readonly phone: string | null, readonly nick: string | null, readonly meta: Readonly<Record<string, unknown>> | null, readonly id: string, readonly name: string | null, readonly email: string | null, readonly fingerprint: string | null, readonly updatedAt: string } | null };

export type CreateContactMutationVariables = Exact<{
  input: ContactInput;
}>;


export type CreateContactMutation = { readonly createContact: { readonly id: string } };

export type UpdateContactMutationVariables = Exact<{
  id: string;
  input: ContactInput;
}>;


export type UpdateContactMutation = { readonly updateContact: { readonly id: string } };

export type DeleteContactMutationVariables = Exact<{
  id: string;
}>;


export type DeleteContactMutation = { readonly deleteContact: { readonly id: string } };

export type DatasetRowFragment = { readonly id: string, readonly name: string | null, readonly description: string | null, readonly updatedAt: string };

export type DatasetsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type DatasetsQuery = { readonly datasets: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null, readonly description: string | null, readonly updatedAt: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type DatasetByIdQueryVariables = Exact<{
  id: string;
}>;


export type DatasetByIdQuery = { readonly dataset: { readonly id: string, readonly name: string | null, readonly description: string | null, readonly updatedAt: string } | null };

export type DatasetRecordsQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type DatasetRecordsQuery = { readonly dataset: { readonly records: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly text: string, readonly meta: Readonly<Record<string, unknown>> | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type DatasetSearchQueryVariables = Exact<{
  id: string;
  query: string;
}>;


export type DatasetSearchQuery = { readonly dataset: { readonly search: ReadonlyArray<{ readonly text: string, readonly score: number, readonly record: { readonly id: string } }> } | null };

export type CreateDatasetMutationVariables = Exact<{
  input: DatasetInput;
}>;


export type CreateDatasetMutation = { readonly createDataset: { readonly id: string } };

export type UpdateDatasetMutationVariables = Exact<{
  id: string;
  input: UpdateDatasetInput;
}>;


export type UpdateDatasetMutation = { readonly updateDataset: { readonly id: string } };

export type DeleteDatasetMutationVariables = Exact<{
  id: string;
}>;


export type DeleteDatasetMutation = { readonly deleteDataset: { readonly id: string } };

export type CreateRecordMutationVariables = Exact<{
  datasetId: string;
  input: RecordInput;
}>;


export type CreateRecordMutation = { readonly createRecord: { readonly id: string } };

export type UpdateRecordMutationVariables = Exact<{
  datasetId: string;
  id: string;
  input: RecordInput;
}>;


export type UpdateRecordMutation = { readonly updateRecord: { readonly id: string } };

export type DeleteRecordMutationVariables = Exact<{
  datasetId: string;
  id: string;
}>;


export type DeleteRecordMutation = { readonly deleteRecord: { readonly id: string } };

export type SecretsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SecretsQuery = { readonly secrets: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string, readonly type: SecretType, readonly updatedAt: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type CreateSecretMutationVariables = Exact<{
  input: SecretInput;
}>;


export type CreateSecretMutation = { readonly createSecret: { readonly id: string } };

export type UpdateSecretMutationVariables = Exact<{
  id: string;
  input: UpdateSecretInput;
}>;


export type UpdateSecretMutation = { readonly updateSecret: { readonly id: string } };

export type DeleteSecretMutationVariables = Exact<{
  id: string;
}>;


export type DeleteSecretMutation = { readonly deleteSecret: { readonly id: string } };

export type WholeSkillsetFragment = { readonly id: string, readonly name: string | null, readonly description: string | null, readonly updatedAt: string, readonly abilities: ReadonlyArray<{ readonly id: string, readonly name: string, readonly description: string, readonly instruction: string, readonly secretId: string | null, readonly needsApproval: boolean, readonly meta: Readonly<Record<string, unknown>> | null }> };

export type SkillsetsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SkillsetsQuery = { readonly skillsets: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null, readonly updatedAt: string, readonly abilities: ReadonlyArray<{ readonly name: string }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type SkillsetByIdQueryVariables = Exact<{
  id: string;
}>;


export type SkillsetByIdQuery = { readonly skillset: { readonly id: string, readonly name: string | null, readonly description: string | null, readonly updatedAt: string, readonly abilities: ReadonlyArray<{ readonly id: string, readonly name: string, readonly description: string, readonly instruction: string, readonly secretId: string | null, readonly needsApproval: boolean, readonly meta: Readonly<Record<string, unknown>> | null }> } | null };

export type CreateSkillsetMutationVariables = Exact<{
  input: SkillsetInput;
}>;


export type CreateSkillsetMutation = { readonly createSkillset: { readonly id: string } };

export type UpdateSkillsetMutationVariables = Exact<{
  id: string;
  input: UpdateSkillsetInput;
}>;


export type UpdateSkillsetMutation = { readonly updateSkillset: { readonly id: string } };

export type DeleteSkillsetMutationVariables = Exact<{
  id: string;
}>;


export type DeleteSkillsetMutation = { readonly deleteSkillset: { readonly id: string } };

export type WebhookRowFragment = { readonly id: string, readonly url: string, readonly events: ReadonlyArray<WebhookEvent>, readonly description: string | null, readonly isEnabled: boolean, readonly updatedAt: string };

export type WebhooksQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WebhooksQuery = { readonly webhooks: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly url: string, readonly events: ReadonlyArray<WebhookEvent>, readonly description: string | null, readonly isEnabled: boolean, readonly updatedAt: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type WebhookByIdQueryVariables = Exact<{
  id: string;
}>;


export type WebhookByIdQuery = { readonly webhook: { readonly id: string, readonly url: string, readonly events: ReadonlyArray<WebhookEvent>, readonly description: string | null, readonly isEnabled: boolean, readonly updatedAt: string } | null };

export type WebhookDeliveriesQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  statuses?: ReadonlyArray<WebhookDeliveryStatus> | WebhookDeliveryStatus | null | undefined;
}>;


export type WebhookDeliveriesQuery = { readonly webhook: { readonly deliveries: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly event: WebhookEvent, readonly channelId: string, readonly status: WebhookDeliveryStatus, readonly attempts: number, readonly lastStatusCode: number | null, readonly lastError: string | null, readonly createdAt: string, readonly nextAttemptAt: string | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type CreateWebhookMutationVariables = Exact<{
  input: WebhookInput;
}>;


export type CreateWebhookMutation = { readonly createWebhook: { readonly signingSecret: string, readonly webhook: { readonly id: string } } };

export type UpdateWebhookMutationVariables = Exact<{
  id: string;
  input: UpdateWebhookInput;
}>;


export type UpdateWebhookMutation = { readonly updateWebhook: { readonly id: string } };

export type DeleteWebhookMutationVariables = Exact<{
  id: string;
}>;


export type DeleteWebhookMutation = { readonly deleteWebhook: { readonly id: string } };

export type RotateWebhookSecretMutationVariables = Exact<{
  id: string;
}>;


export type RotateWebhookSecretMutation = { readonly rotateWebhookSecret: { readonly signingSecret: string } };

export type ResendWebhookDeliveryMutationVariables = Exact<{
  id: string;
}>;


export type ResendWebhookDeliveryMutation = { readonly resendWebhookDelivery: { readonly id: string } };

export type RunDetailQueryVariables = Exact<{
  channelId: string;
}>;


export type RunDetailQuery = { readonly dispatch: { readonly priority: number, readonly meta: Readonly<Record<string, unknown>> | null, readonly channelId: string, readonly status: DispatchStatus, readonly model: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly attempts: number, readonly conversationId: string | null, readonly error: { readonly code: string, readonly message: string } | null, readonly result: { readonly finishReason: FinishReason } | null, readonly reachedLimit: { readonly kind: LimitKind, readonly used: number, readonly allowed: number } | null, readonly usage: { readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number, readonly discardedTokens: number, readonly iterations: number, readonly calls: number, readonly totalTokens: number, readonly cost: number | null }, readonly bot: { readonly id: string, readonly name: string | null } | null, readonly contact: { readonly id: string, readonly name: string | null } | null } | null };

export type CancelRunMutationVariables = Exact<{
  channelId: string;
}>;


export type CancelRunMutation = { readonly cancelDispatch: { readonly dispatch: { readonly status: DispatchStatus } } };

export type RaiseLimitsMutationVariables = Exact<{
  input: RaiseDispatchLimitsInput;
}>;


export type RaiseLimitsMutation = { readonly raiseDispatchLimits: { readonly dispatch: { readonly status: DispatchStatus } } };

export type StartRunMutationVariables = Exact<{
  input: DispatchConversationInput;
}>;


export type StartRunMutation = { readonly dispatchConversation: { readonly channelId: string } };

export type RunRowFragment = { readonly channelId: string, readonly status: DispatchStatus, readonly model: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly attempts: number, readonly conversationId: string | null, readonly bot: { readonly id: string, readonly name: string | null } | null, readonly contact: { readonly id: string, readonly name: string | null } | null, readonly error: { readonly code: string } | null, readonly usage: { readonly totalTokens: number, readonly cost: number | null } };

export type RunsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  statuses?: ReadonlyArray<DispatchStatus> | DispatchStatus | null | undefined;
  botId?: string | null | undefined;
  contactId?: string | null | undefined;
  conversationId?: string | null | undefined;
}>;


export type RunsQuery = { readonly dispatches: { readonly edges: ReadonlyArray<{ readonly node: { readonly channelId: string, readonly status: DispatchStatus, readonly model: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly attempts: number, readonly conversationId: string | null, readonly bot: { readonly id: string, readonly name: string | null } | null, readonly contact: { readonly id: string, readonly name: string | null } | null, readonly error: { readonly code: string } | null, readonly usage: { readonly totalTokens: number, readonly cost: number | null } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type RunByIdQueryVariables = Exact<{
  channelId: string;
}>;


export type RunByIdQuery = { readonly dispatch: { readonly channelId: string, readonly status: DispatchStatus, readonly model: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly attempts: number, readonly conversationId: string | null, readonly bot: { readonly id: string, readonly name: string | null } | null, readonly contact: { readonly id: string, readonly name: string | null } | null, readonly error: { readonly code: string } | null, readonly usage: { readonly totalTokens: number, readonly cost: number | null } } | null };

export type RunFilterChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type RunFilterChoicesQuery = { readonly bots: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null } }> }, readonly contacts: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null } }> } };

export type ModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ModelsQuery = { readonly models: ReadonlyArray<{ readonly id: string, readonly provider: string, readonly isDefault: boolean }> };

export type TryChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type TryChoicesQuery = { readonly bots: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null } }> }, readonly datasets: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly name: string | null } }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const BotRowFragmentDoc = new TypedDocumentString(`
    fragment BotRow on Bot {
  id
  name
  model
  updatedAt
}
    `, {"fragmentName":"BotRow"}) as unknown as TypedDocumentString<BotRowFragment, unknown>;
export const ContactRowFragmentDoc = new TypedDocumentString(`
    fragment ContactRow on Contact {
  id
  name
  email
  fingerprint
  updatedAt
}
    `, {"fragmentName":"ContactRow"}) as unknown as TypedDocumentString<ContactRowFragment, unknown>;
export const DatasetRowFragmentDoc = new TypedDocumentString(`
    fragment DatasetRow on Dataset {
  id
  name
  description
  updatedAt
}
    `, {"fragmentName":"DatasetRow"}) as unknown as TypedDocumentString<DatasetRowFragment, unknown>;
export const WholeSkillsetFragmentDoc = new TypedDocumentString(`
    fragment WholeSkillset on Skillset {
  id
  name
  description
  updatedAt
  abilities {
    id
    name
    description
    instruction
    secretId
    needsApproval
    meta
  }
}
    `, {"fragmentName":"WholeSkillset"}) as unknown as TypedDocumentString<WholeSkillsetFragment, unknown>;
export const WebhookRowFragmentDoc = new TypedDocumentString(`
    fragment WebhookRow on Webhook {
  id
  url
  events
  description
  isEnabled
  updatedAt
}
    `, {"fragmentName":"WebhookRow"}) as unknown as TypedDocumentString<WebhookRowFragment, unknown>;
export const RunRowFragmentDoc = new TypedDocumentString(`
    fragment RunRow on Dispatch {
  channelId
  status
  model
  createdAt
  startedAt
  finishedAt
  attempts
  conversationId
  bot {
    id
    name
  }
  contact {
    id
    name
  }
  error {
    code
  }
  usage {
    totalTokens
    cost
  }
}
    `, {"fragmentName":"RunRow"}) as unknown as TypedDocumentString<RunRowFragment, unknown>;
export const OverviewDocument = new TypedDocumentString(`
    query Overview {
  overview {
    queued
    running
    waiting
    paused
    oldestQueuedAt
    lastHour {
      tokens
      cost
      failures {
        code
        count
      }
    }
    today {
      tokens
      cost
    }
  }
}
    `) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const BotsDocument = new TypedDocumentString(`
    query Bots($first: Int, $after: String) {
  bots(first: $first, after: $after) {
    edges {
      node {
        ...BotRow
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment BotRow on Bot {
  id
  name
  model
  updatedAt
}`) as unknown as TypedDocumentString<BotsQuery, BotsQueryVariables>;
export const BotByIdDocument = new TypedDocumentString(`
    query BotById($id: ID!) {
  bot(id: $id) {
    ...BotRow
    description
    backstory
    dataset {
      id
      name
    }
    skillset {
      id
      name
    }
  }
}
    fragment BotRow on Bot {
  id
  name
  model
  updatedAt
}`) as unknown as TypedDocumentString<BotByIdQuery, BotByIdQueryVariables>;
export const CreateBotDocument = new TypedDocumentString(`
    mutation CreateBot($input: BotInput!) {
  createBot(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateBotMutation, CreateBotMutationVariables>;
export const UpdateBotDocument = new TypedDocumentString(`
    mutation UpdateBot($id: ID!, $input: BotInput!) {
  updateBot(id: $id, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<UpdateBotMutation, UpdateBotMutationVariables>;
export const DeleteBotDocument = new TypedDocumentString(`
    mutation DeleteBot($id: ID!) {
  deleteBot(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DeleteBotMutation, DeleteBotMutationVariables>;
export const ResourceChoicesDocument = new TypedDocumentString(`
    query ResourceChoices {
  models {
    id
    isDefault
  }
  datasets(first: 100) {
    edges {
      node {
        id
        name
      }
    }
  }
  skillsets(first: 100) {
    edges {
      node {
        id
        name
      }
    }
  }
  secrets(first: 100) {
    edges {
      node {
        id
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ResourceChoicesQuery, ResourceChoicesQueryVariables>;
export const ContactsDocument = new TypedDocumentString(`
    query Contacts($first: Int, $after: String) {
  contacts(first: $first, after: $after) {
    edges {
      node {
        ...ContactRow
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ContactRow on Contact {
  id
  name
  email
  fingerprint
  updatedAt
}`) as unknown as TypedDocumentString<ContactsQuery, ContactsQueryVariables>;
export const ContactByIdDocument = new TypedDocumentString(`
    query ContactById($id: ID!) {
  contact(id: $id) {
    ...ContactRow
    description
    phone
    nick
    meta
  }
}
    fragment ContactRow on Contact {
  id
  name
  email
  fingerprint
  updatedAt
}`) as unknown as TypedDocumentString<ContactByIdQuery, ContactByIdQueryVariables>;
export const CreateContactDocument = new TypedDocumentString(`
    mutation CreateContact($input: ContactInput!) {
  createContact(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateContactMutation, CreateContactMutationVariables>;
export const UpdateContactDocument = new TypedDocumentString(`
    mutation UpdateContact($id: ID!, $input: ContactInput!) {
  updateContact(id: $id, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<UpdateContactMutation, UpdateContactMutationVariables>;
export const DeleteContactDocument = new TypedDocumentString(`
    mutation DeleteContact($id: ID!) {
  deleteContact(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DeleteContactMutation, DeleteContactMutationVariables>;
export const DatasetsDocument = new TypedDocumentString(`
    query Datasets($first: Int, $after: String) {
  datasets(first: $first, after: $after) {
    edges {
      node {
        ...DatasetRow
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment DatasetRow on Dataset {
  id
  name
  description
  updatedAt
}`) as unknown as TypedDocumentString<DatasetsQuery, DatasetsQueryVariables>;
export const DatasetByIdDocument = new TypedDocumentString(`
    query DatasetById($id: ID!) {
  dataset(id: $id) {
    ...DatasetRow
  }
}
    fragment DatasetRow on Dataset {
  id
  name
  description
  updatedAt
}`) as unknown as TypedDocumentString<DatasetByIdQuery, DatasetByIdQueryVariables>;
export const DatasetRecordsDocument = new TypedDocumentString(`
    query DatasetRecords($id: ID!, $first: Int, $after: String) {
  dataset(id: $id) {
    records(first: $first, after: $after) {
      edges {
        node {
          id
          text
          meta
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DatasetRecordsQuery, DatasetRecordsQueryVariables>;
export const DatasetSearchDocument = new TypedDocumentString(`
    query DatasetSearch($id: ID!, $query: String!) {
  dataset(id: $id) {
    search(query: $query) {
      record {
        id
      }
      text
      score
    }
  }
}
    `) as unknown as TypedDocumentString<DatasetSearchQuery, DatasetSearchQueryVariables>;
export const CreateDatasetDocument = new TypedDocumentString(`
    mutation CreateDataset($input: DatasetInput!) {
  createDataset(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateDatasetMutation, CreateDatasetMutationVariables>;
export const UpdateDatasetDocument = new TypedDocumentString(`
    mutation UpdateDataset($id: ID!, $input: UpdateDatasetInput!) {
  updateDataset(id: $id, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<UpdateDatasetMutation, UpdateDatasetMutationVariables>;
export const DeleteDatasetDocument = new TypedDocumentString(`
    mutation DeleteDataset($id: ID!) {
  deleteDataset(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DeleteDatasetMutation, DeleteDatasetMutationVariables>;
export const CreateRecordDocument = new TypedDocumentString(`
    mutation CreateRecord($datasetId: ID!, $input: RecordInput!) {
  createRecord(datasetId: $datasetId, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateRecordMutation, CreateRecordMutationVariables>;
export const UpdateRecordDocument = new TypedDocumentString(`
    mutation UpdateRecord($datasetId: ID!, $id: ID!, $input: RecordInput!) {
  updateRecord(datasetId: $datasetId, id: $id, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<UpdateRecordMutation, UpdateRecordMutationVariables>;
export const DeleteRecordDocument = new TypedDocumentString(`
    mutation DeleteRecord($datasetId: ID!, $id: ID!) {
  deleteRecord(datasetId: $datasetId, id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DeleteRecordMutation, DeleteRecordMutationVariables>;
export const SecretsDocument = new TypedDocumentString(`
    query Secrets($first: Int, $after: String) {
  secrets(first: $first, after: $after) {
    edges {
      node {
        id
        name
        type
        updatedAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SecretsQuery, SecretsQueryVariables>;
export const CreateSecretDocument = new TypedDocumentString(`
    mutation CreateSecret($input: SecretInput!) {
  createSecret(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateSecretMutation, CreateSecretMutationVariables>;
export const UpdateSecretDocument = new TypedDocumentString(`
    mutation UpdateSecret($id: ID!, $input: UpdateSecretInput!) {
  updateSecret(id: $id, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<UpdateSecretMutation, UpdateSecretMutationVariables>;
export const DeleteSecretDocument = new TypedDocumentString(`
    mutation DeleteSecret($id: ID!) {
  deleteSecret(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DeleteSecretMutation, DeleteSecretMutationVariables>;
export const SkillsetsDocument = new TypedDocumentString(`
    query Skillsets($first: Int, $after: String) {
  skillsets(first: $first, after: $after) {
    edges {
      node {
        id
        name
        updatedAt
        abilities {
          name
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SkillsetsQuery, SkillsetsQueryVariables>;
export const SkillsetByIdDocument = new TypedDocumentString(`
    query SkillsetById($id: ID!) {
  skillset(id: $id) {
    ...WholeSkillset
  }
}
    fragment WholeSkillset on Skillset {
  id
  name
  description
  updatedAt
  abilities {
    id
    name
    description
    instruction
    secretId
    needsApproval
    meta
  }
}`) as unknown as TypedDocumentString<SkillsetByIdQuery, SkillsetByIdQueryVariables>;
export const CreateSkillsetDocument = new TypedDocumentString(`
    mutation CreateSkillset($input: SkillsetInput!) {
  createSkillset(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateSkillsetMutation, CreateSkillsetMutationVariables>;
export const UpdateSkillsetDocument = new TypedDocumentString(`
    mutation UpdateSkillset($id: ID!, $input: UpdateSkillsetInput!) {
  updateSkillset(id: $id, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<UpdateSkillsetMutation, UpdateSkillsetMutationVariables>;
export const DeleteSkillsetDocument = new TypedDocumentString(`
    mutation DeleteSkillset($id: ID!) {
  deleteSkillset(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DeleteSkillsetMutation, DeleteSkillsetMutationVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks($first: Int, $after: String) {
  webhooks(first: $first, after: $after) {
    edges {
      node {
        ...WebhookRow
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment WebhookRow on Webhook {
  id
  url
  events
  description
  isEnabled
  updatedAt
}`) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const WebhookByIdDocument = new TypedDocumentString(`
    query WebhookById($id: ID!) {
  webhook(id: $id) {
    ...WebhookRow
  }
}
    fragment WebhookRow on Webhook {
  id
  url
  events
  description
  isEnabled
  updatedAt
}`) as unknown as TypedDocumentString<WebhookByIdQuery, WebhookByIdQueryVariables>;
export const WebhookDeliveriesDocument = new TypedDocumentString(`
    query WebhookDeliveries($id: ID!, $first: Int, $after: String, $statuses: [WebhookDeliveryStatus!]) {
  webhook(id: $id) {
    deliveries(first: $first, after: $after, statuses: $statuses) {
      edges {
        node {
          id
          event
          channelId
          status
          attempts
          lastStatusCode
          lastError
          createdAt
          nextAttemptAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables>;
export const CreateWebhookDocument = new TypedDocumentString(`
    mutation CreateWebhook($input: WebhookInput!) {
  createWebhook(input: $input) {
    signingSecret
    webhook {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<CreateWebhookMutation, CreateWebhookMutationVariables>;
export const UpdateWebhookDocument = new TypedDocumentString(`
    mutation UpdateWebhook($id: ID!, $input: UpdateWebhookInput!) {
  updateWebhook(id: $id, input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<UpdateWebhookMutation, UpdateWebhookMutationVariables>;
export const DeleteWebhookDocument = new TypedDocumentString(`
    mutation DeleteWebhook($id: ID!) {
  deleteWebhook(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DeleteWebhookMutation, DeleteWebhookMutationVariables>;
export const RotateWebhookSecretDocument = new TypedDocumentString(`
    mutation RotateWebhookSecret($id: ID!) {
  rotateWebhookSecret(id: $id) {
    signingSecret
  }
}
    `) as unknown as TypedDocumentString<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const ResendWebhookDeliveryDocument = new TypedDocumentString(`
    mutation ResendWebhookDelivery($id: ID!) {
  resendWebhookDelivery(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<ResendWebhookDeliveryMutation, ResendWebhookDeliveryMutationVariables>;
export const RunDetailDocument = new TypedDocumentString(`
    query RunDetail($channelId: ID!) {
  dispatch(channelId: $channelId) {
    ...RunRow
    priority
    meta
    error {
      code
      message
    }
    result {
      finishReason
    }
    reachedLimit {
      kind
      used
      allowed
    }
    usage {
      inputTokens
      cachedInputTokens
      outputTokens
      reasoningTokens
      discardedTokens
      iterations
      calls
    }
  }
}
    fragment RunRow on Dispatch {
  channelId
  status
  model
  createdAt
  startedAt
  finishedAt
  attempts
  conversationId
  bot {
    id
    name
  }
  contact {
    id
    name
  }
  error {
    code
  }
  usage {
    totalTokens
    cost
  }
}`) as unknown as TypedDocumentString<RunDetailQuery, RunDetailQueryVariables>;
export const CancelRunDocument = new TypedDocumentString(`
    mutation CancelRun($channelId: ID!) {
  cancelDispatch(channelId: $channelId) {
    dispatch {
      status
    }
  }
}
    `) as unknown as TypedDocumentString<CancelRunMutation, CancelRunMutationVariables>;
export const RaiseLimitsDocument = new TypedDocumentString(`
    mutation RaiseLimits($input: RaiseDispatchLimitsInput!) {
  raiseDispatchLimits(input: $input) {
    dispatch {
      status
    }
  }
}
    `) as unknown as TypedDocumentString<RaiseLimitsMutation, RaiseLimitsMutationVariables>;
export const StartRunDocument = new TypedDocumentString(`
    mutation StartRun($input: DispatchConversationInput!) {
  dispatchConversation(input: $input) {
    channelId
  }
}
    `) as unknown as TypedDocumentString<StartRunMutation, StartRunMutationVariables>;
export const RunsDocument = new TypedDocumentString(`
    query Runs($first: Int, $after: String, $statuses: [DispatchStatus!], $botId: ID, $contactId: ID, $conversationId: ID) {
  dispatches(
    first: $first
    after: $after
    statuses: $statuses
    botId: $botId
    contactId: $contactId
    conversationId: $conversationId
  ) {
    edges {
      node {
        ...RunRow
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment RunRow on Dispatch {
  channelId
  status
  model
  createdAt
  startedAt
  finishedAt
  attempts
  conversationId
  bot {
    id
    name
  }
  contact {
    id
    name
  }
  error {
    code
  }
  usage {
    totalTokens
    cost
  }
}`) as unknown as TypedDocumentString<RunsQuery, RunsQueryVariables>;
export const RunByIdDocument = new TypedDocumentString(`
    query RunById($channelId: ID!) {
  dispatch(channelId: $channelId) {
    ...RunRow
  }
}
    fragment RunRow on Dispatch {
  channelId
  status
  model
  createdAt
  startedAt
  finishedAt
  attempts
  conversationId
  bot {
    id
    name
  }
  contact {
    id
    name
  }
  error {
    code
  }
  usage {
    totalTokens
    cost
  }
}`) as unknown as TypedDocumentString<RunByIdQuery, RunByIdQueryVariables>;
export const RunFilterChoicesDocument = new TypedDocumentString(`
    query RunFilterChoices {
  bots(first: 100) {
    edges {
      node {
        id
        name
      }
    }
  }
  contacts(first: 100) {
    edges {
      node {
        id
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunFilterChoicesQuery, RunFilterChoicesQueryVariables>;
export const ModelsDocument = new TypedDocumentString(`
    query Models {
  models {
    id
    provider
    isDefault
  }
}
    `) as unknown as TypedDocumentString<ModelsQuery, ModelsQueryVariables>;
export const TryChoicesDocument = new TypedDocumentString(`
    query TryChoices {
  bots(first: 100) {
    edges {
      node {
        id
        name
      }
    }
  }
  datasets(first: 100) {
    edges {
      node {
        id
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TryChoicesQuery, TryChoicesQueryVariables>;