import type { CallOutcome } from '../../../conversation/fold.ts'
import { functionBounds, jsonValue } from '../../../conversation/function-input.ts'
import type { SettleOutcome, SettleReply } from '../../../dispatch/pending-call.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { badInput, Failure } from '../../../kernel/errors.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { builder } from '../builder.ts'
import { channelIdArgument } from '../failure.ts'
import { Dispatch, dispatchAfter } from './dispatch.ts'

const SubmitFunctionResultInput = builder.inputType('SubmitFunctionResultInput', {
  description: 'An answer: exactly one of `data` (its key present, null included) and `error` (not null).',
  fields: (t) => ({
    channelId: t.id({ required: true, description: "The dispatch's channel." }),
    callId: t.id({ required: true, description: 'The call, as `pendingCalls` and FunctionResultAwaited name it.' }),
    data: t.field({ type: 'JSON', description: 'The answer: any JSON.' }),
    error: t.string({ description: 'Why there is no answer, for the model: 1 to 10,000 characters.' }),
  }),
})

interface Payload {
  readonly dispatch: Snapshot
}

const SubmitFunctionResultPayload = builder.objectRef<Payload>('SubmitFunctionResultPayload').implement({
  description: 'The answer is in the log.',
  fields: (t) => ({
    dispatch: t.expose('dispatch', { type: Dispatch, description: 'The dispatch as it stands.' }),
  }),
})

builder.mutationField('submitFunctionResult', (t) =>
  t.field({
    type: SubmitFunctionResultPayload,
    description:
      'Answers a function call that the run is waiting for. The same answer again changes nothing; another answer is a CONFLICT, and so is one after the deadline, after the ending, or to a call whose answer comes on a channel. NOT_FOUND where no such call waits.',
    args: { input: t.arg({ type: SubmitFunctionResultInput, required: true, description: 'The answer.' }) },
    resolve: async (_root, { input }, { services, principal }, info): Promise<Payload> => {
      const channel = channelIdArgument(input.channelId, ['input', 'channelId'])
      const key: ChannelKey = { account: principal.account, channel }
      const reply = await services.answers.submit(key, input.callId, outcomeOf(input))
      const run = accepted(reply)
      return { dispatch: await dispatchAfter(services, key, runSnapshot(run), info) }
    },
  }),
)

function outcomeOf(input: { data?: unknown; error?: string | null | undefined }): CallOutcome {
  const hasData = Object.hasOwn(input, 'data')
  const { error = null } = input
  if (hasData === (error !== null)) {
    throw badInput([{ path: ['input'], message: 'takes exactly one of `data` and `error`' }])
  }
  if (error === null) {
    const checked = jsonValue.safeParse(input.data)
    if (checked.success) return { kind: 'completed', data: input.data ?? null }
    throw badInput([{ path: ['input', 'data'], message: checked.error.issues[0]?.message ?? 'is wrong' }])
  }
  if (error.length < 1 || error.length > functionBounds.description) {
    throw badInput([{ path: ['input', 'error'], message: `takes 1 to ${functionBounds.description} characters` }])
  }
  return { kind: 'failed', error: { code: 'FAILED', message: error } }
}

/** What each outcome says to the caller; null: it is an answer. */
const refusals: Record<SettleOutcome, { code: 'NOT_FOUND' | 'CONFLICT'; message: string } | null> = {
  settled: null,
  repeated: null,
  conflict: { code: 'CONFLICT', message: 'the call has been answered otherwise already' },
  unknown: { code: 'NOT_FOUND', message: 'no call by that id waits for an answer' },
  late: { code: 'CONFLICT', message: "the call's deadline has passed" },
  early: null,
  'other-way': { code: 'CONFLICT', message: "the call's answer is to be published on its channel" },
  ended: { code: 'CONFLICT', message: 'the run has ended' },
}

function accepted({ outcome, run }: SettleReply) {
  if (run === null) {
    const message = 'there is no dispatch by that id'
    throw new Failure('NOT_FOUND', `input.channelId: ${message}`, {
      issues: [{ path: ['input', 'channelId'], message }],
    })
  }
  const refusal = refusals[outcome]
  if (refusal === null) return run
  const { code, message } = refusal
  throw new Failure(code, `input.callId: ${message}`, { issues: [{ path: ['input', 'callId'], message }] })
}
