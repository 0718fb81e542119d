import type { GraphQLResolveInfo } from 'graphql'
import { seesAccount } from '../../../access/permission.ts'
import { endUserMessages } from '../../../conversation/end-user-view.ts'
import type { RunStatus } from '../../../conversation/run-status.ts'
import { readSnapshot, runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { builder } from '../builder.ts'
import { Message } from '../channel/message.ts'
import type { Context } from '../context.ts'
import { channelIdArgument } from '../failure.ts'
import { selects } from '../selects.ts'
import { FunctionCall } from './function.ts'
import { ReachedLimit } from './limits.ts'
import { DispatchError, DispatchResult } from './outcome.ts'
import { Usage } from './usage.ts'

const statuses: Record<Uppercase<RunStatus>, { value: RunStatus; description: string }> = {
  QUEUED: {
    value: 'queued',
    description:
      'The run waits for its turn in its conversation, for that of its account, for the time in `notBefore`, for room in RUNNING_DISPATCHES, or for the limits of its provider.',
  },
  RUNNING: { value: 'running', description: 'A worker is working on the run.' },
  WAITING: {
    value: 'waiting',
    description: 'The run waits for answers to function calls, or for a limit to be raised, and holds no worker.',
  },
  COMPLETED: { value: 'completed', description: 'The run has ended with a result.' },
  FAILED: { value: 'failed', description: 'The run has ended with an error.' },
  CANCELLED: { value: 'cancelled', description: 'The run was ended by `cancelDispatch`.' },
}

export const DispatchStatus = builder.enumType('DispatchStatus', {
  description: 'The state of a dispatch. COMPLETED, FAILED and CANCELLED are final.',
  values: statuses,
})

export const Dispatch = builder.objectRef<Snapshot>('Dispatch').implement({
  description: 'A request to complete a conversation in the background, and its current state.',
  fields: (t) => ({
    id: t.id({
      description: 'The id of its channel: each dispatch has a channel of its own.',
      resolve: ({ key }) => key.channel,
    }),
    channelId: t.id({
      description: 'The channel that receives the events. Follow it with `channelEvents`.',
      resolve: ({ key }) => key.channel,
    }),
    status: t.expose('status', { type: DispatchStatus, description: 'The current state.' }),
    cursor: t.field({
      type: 'Cursor',
      description:
        'The position in the log up to which this snapshot is complete. Pass it to `channelEvents` as `after` to get everything that follows.',
      resolve: ({ position }) => position,
    }),
    attempts: t.exposeInt('attempts', {
      description: 'How many times a worker has taken the run. Resuming after an answer counts as well.',
    }),
    model: t.exposeString('model', { description: 'The name of the model, including its settings.' }),
    messages: t.field({
      type: [Message],
      description:
        'The transcript that the dispatch continues, or that of its conversation once its turn has come, then the messages of the input, then everything said since, including the message that is being written now. Empty once the retention time of the log is over. A token does not see backstories, instructions and context.',
      resolve: ({ messages }, _args, { principal }) => [
        ...(seesAccount(principal) ? messages : endUserMessages(messages)),
      ],
    }),
    pendingCalls: t.field({
      type: [FunctionCall],
      description: 'The function calls that wait for an answer, in the order in which the model made them.',
      resolve: ({ pendingCalls }) => [...pendingCalls],
    }),
    result: t.expose('result', {
      type: DispatchResult,
      nullable: true,
      description: 'The result of the run; null unless the status is COMPLETED.',
    }),
    error: t.expose('error', {
      type: DispatchError,
      nullable: true,
      description: 'Why the run failed; null unless the status is FAILED.',
    }),
    reachedLimit: t.expose('reachedLimit', {
      type: ReachedLimit,
      nullable: true,
      description:
        'The limit that the run waits to be raised, see `raiseDispatchLimits`; null when none has paused it.',
    }),
    usage: t.expose('usage', { type: Usage, description: 'What the finished iterations have used so far.' }),
    conversationId: t.id({
      nullable: true,
      description: 'The conversation that the dispatch belongs to; null when it names none.',
      resolve: ({ conversationId }) => conversationId,
    }),
    meta: t.field({
      type: 'JSONObject',
      nullable: true,
      description: "The caller's own data; null when the dispatch has none, and for a channel token.",
      resolve: ({ meta }, _args, { principal }) => (seesAccount(principal) ? meta : null),
    }),
    priority: t.exposeInt('priority', {
      description: "Among the account's queued dispatches those of higher priority are begun first.",
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the dispatch was accepted.',
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a worker first took the run; null before that.',
      resolve: ({ startedAt }) => toDate(startedAt),
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the run ended; null before that.',
      resolve: ({ finishedAt }) => toDate(finishedAt),
    }),
  }),
})

function toDate(time: number | null): Date | null {
  return time === null ? null : new Date(time)
}

builder.queryField('dispatch', (t) =>
  t.field({
    type: Dispatch,
    nullable: true,
    description: "The dispatch with this channel id; null when the caller's account has none.",
    args: { channelId: t.arg.id({ required: true, description: 'The channel id of the dispatch.' }) },
    resolve: (_root, { channelId }, context, info) => {
      const key = { account: context.principal.account, channel: channelIdArgument(channelId) }
      return loadDispatch(context, key, readsLog(info))
    },
  }),
)

/** Whether a selection of Dispatch asks for fields that only the log holds. */
export function readsLog(info: GraphQLResolveInfo): boolean {
  return selects(info, 'messages') || selects(info, 'pendingCalls')
}

/** The dispatch for a mutation's payload, after the change. Reads the log only if the selection needs it; otherwise `record` is enough. */
export async function dispatchAfter(context: Context, run: Snapshot, info: GraphQLResolveInfo): Promise<Snapshot> {
  return (readsLog(info) ? await loadDispatch(context, run.key, true) : null) ?? run
}

/**
 * Reads messages from the log only when they are selected; everything else is in the record. Either way all fields of
 * one dispatch show the same moment, that of its cursor.
 */
export async function loadDispatch(
  { services, reads }: Context,
  key: ChannelKey,
  withMessages: boolean,
): Promise<Snapshot | null> {
  if (!withMessages) {
    const [run] = await services.runs.find([key])
    return run == null ? null : runSnapshot(run)
  }
  return reads.once(`snapshot ${key.channel}`, async () => {
    const reading = await readSnapshot(services, key)
    return reading === null ? null : reading.snapshot(reading.position)
  })
}

/** Loads several dispatches with their messages and keeps their order. Dispatches that are gone are left out. */
export async function loadDispatches(context: Context, keys: readonly ChannelKey[]): Promise<readonly Snapshot[]> {
  const snapshots = await Promise.all(keys.map((key) => loadDispatch(context, key, true)))
  return snapshots.filter((snapshot) => snapshot !== null)
}
