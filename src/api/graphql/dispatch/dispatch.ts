import type { GraphQLResolveInfo } from 'graphql'
import { seesAccount } from '../../../access/permission.ts'
import { endUserMessages } from '../../../conversation/end-user-view.ts'
import type { RunStatus } from '../../../conversation/run-status.ts'
import { readSnapshot, runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import type { Services } from '../../services.ts'
import { builder } from '../builder.ts'
import { Message } from '../channel/message.ts'
import { channelIdArgument } from '../failure.ts'
import { selects } from '../selects.ts'
import { FunctionCall } from './function.ts'
import { DispatchError, DispatchResult } from './outcome.ts'
import { Usage } from './usage.ts'

const statuses: Record<Uppercase<RunStatus>, { value: RunStatus; description: string }> = {
  QUEUED: { value: 'queued', description: 'Waits for a worker, or for its `notBefore`.' },
  RUNNING: { value: 'running', description: 'A worker is at it.' },
  WAITING: { value: 'waiting', description: 'Rests until an answer comes; no worker is held.' },
  COMPLETED: { value: 'completed', description: 'Has ended with a result.' },
  FAILED: { value: 'failed', description: 'Has ended with an error.' },
  CANCELLED: { value: 'cancelled', description: 'Was stopped.' },
}

export const DispatchStatus = builder.enumType('DispatchStatus', {
  description: 'Where a dispatch stands.',
  values: statuses,
})

export const Dispatch = builder.objectRef<Snapshot>('Dispatch').implement({
  description: 'A request to complete a conversation in the background, and what has become of it.',
  fields: (t) => ({
    id: t.id({ description: "The channel's id: one dispatch, one channel.", resolve: ({ key }) => key.channel }),
    channelId: t.id({ description: 'The channel to follow.', resolve: ({ key }) => key.channel }),
    status: t.expose('status', { type: DispatchStatus, description: 'Where it stands.' }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Everything up to here is in this snapshot: follow channelEvents behind it.',
      resolve: ({ position }) => position,
    }),
    attempts: t.exposeInt('attempts', { description: 'How often a worker has taken the run.' }),
    model: t.exposeString('model', { description: "The model's name, settings included." }),
    messages: t.field({
      type: [Message],
      description:
        "The transcript it continues, the input's messages, then everything said since, and what is being said now. Empty once the log's retention time is over. For a channel token without backstories, instructions and context.",
      resolve: ({ messages }, _args, { principal }) => [
        ...(seesAccount(principal) ? messages : endUserMessages(messages)),
      ],
    }),
    pendingCalls: t.field({
      type: [FunctionCall],
      description: 'The function calls whose answers are awaited, in the order in which they were asked for.',
      resolve: ({ pendingCalls }) => [...pendingCalls],
    }),
    result: t.expose('result', { type: DispatchResult, nullable: true, description: 'Present when COMPLETED.' }),
    error: t.expose('error', { type: DispatchError, nullable: true, description: 'Present when FAILED.' }),
    usage: t.expose('usage', { type: Usage, description: 'What has been used so far, by finished iterations.' }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was accepted.',
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a worker first took it.',
      resolve: ({ startedAt }) => toDate(startedAt),
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
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
    description: "The dispatch that feeds this channel, or null when the caller's account has none by that id.",
    args: { channelId: t.arg.id({ required: true, description: "The dispatch's channel." }) },
    resolve: (_root, { channelId }, { services, principal }, info) =>
      loadDispatch(services, { account: principal.account, channel: channelIdArgument(channelId) }, readsLog(info)),
  }),
)

/** Whether a selection of Dispatch asks for what only the log tells. */
export function readsLog(info: GraphQLResolveInfo): boolean {
  return selects(info, 'messages') || selects(info, 'pendingCalls')
}

/** The dispatch for the payload of a mutation that has changed it; `record` is enough where the log is not asked for. */
export async function dispatchAfter(
  services: Services,
  key: ChannelKey,
  run: Snapshot,
  info: GraphQLResolveInfo,
): Promise<Snapshot> {
  const [dispatch] = readsLog(info) ? await loadDispatches(services, [key], true) : []
  return dispatch ?? run
}

/**
 * Messages are read from the log, so only when they are asked for; everything else stands in the record. Either way
 * all fields of one dispatch are of one moment, that of its cursor.
 */
async function loadDispatch(services: Services, key: ChannelKey, withMessages: boolean): Promise<Snapshot | null> {
  if (!withMessages) {
    const [run] = await services.runs.find([key])
    return run == null ? null : runSnapshot(run)
  }
  const reading = await readSnapshot(services, key)
  return reading === null ? null : reading.snapshot(reading.position)
}

/** Several at once, in order; those that are gone are left out. */
export async function loadDispatches(
  services: Services,
  keys: readonly ChannelKey[],
  withMessages: boolean,
): Promise<readonly Snapshot[]> {
  const snapshots = await Promise.all(keys.map((key) => loadDispatch(services, key, withMessages)))
  return snapshots.filter((snapshot) => snapshot !== null)
}
