import type { CallOutcome } from '../../../conversation/fold.ts'
import { functionBounds, jsonValue } from '../../../conversation/input/function-input.ts'
import type { SettleOutcome, SettleReply } from '../../../dispatch/pending-call.ts'
import { runSnapshot, type Snapshot } from '../../../dispatch/snapshot.ts'
import { badInput, Failure } from '../../../kernel/errors.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { builder } from '../builder.ts'
import { channelIdArgument } from '../failure.ts'
import { Dispatch, dispatchAfter } from './dispatch.ts'

const SubmitFunctionResultInput = builder.inputType('SubmitFunctionResultInput', {
  description:
    'The answer to a function call. Pass exactly one of `data` and `error`: `data` counts when its key is present, even if it is null; `error` counts when it is not null.',
  fields: (t) => ({
    channelId: t.id({ required: true, description: 'The channel id of the dispatch.' }),
    callId: t.id({ required: true, description: 'The id of the call, from `pendingCalls` or FunctionResultAwaited.' }),
    data: t.field({
      type: 'JSON',
      description: 'The answer: any JSON value, up to 250,000 characters as JSON and 100 levels deep.',
    }),
    error: t.string({
      description:
        'Why there is no answer, 1 to 10,000 characters. The call fails with FAILED, and the model reads this text.',
    }),
  }),
})

interface Payload {
  readonly dispatch: Snapshot
}

const SubmitFunctionResultPayload = builder.objectRef<Payload>('SubmitFunctionResultPayload').implement({
  description: 'The result of submitFunctionResult: the answer is in the log.',
  fields: (t) => ({
    dispatch: t.expose('dispatch', { type: Dispatch, description: 'The dispatch as it is now.' }),
  }),
})

builder.mutationField('submitFunctionResult', (t) =>
  t.field({
    type: SubmitFunctionResultPayload,
    description:
      'Answers a function call that the run is waiting for. Sending the same answer again changes nothing. CONFLICT when the call already has another answer, when its deadline has passed, when the run has ended, or when its answer must be published on a channel. NOT_FOUND when no such call is waiting. LIMIT_EXCEEDED when the log of the run, or its account, has no room for the answer.',
    args: {
      input: t.arg({ type: SubmitFunctionResultInput, required: true, description: 'The call and its answer.' }),
    },
    resolve: async (_root, { input }, context, info): Promise<Payload> => {
      const channel = channelIdArgument(input.channelId, ['input', 'channelId'])
      const key: ChannelKey = { account: context.principal.account, channel }
      const reply = await context.services.answers.submit(key, input.callId, outcomeOf(input))
      const run = accepted(reply)
      return { dispatch: await dispatchAfter(context, runSnapshot(run), info) }
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

/** The error for each outcome; null: the answer was accepted. */
const refusals: Record<SettleOutcome, { code: 'NOT_FOUND' | 'CONFLICT' | 'LIMIT_EXCEEDED'; message: string } | null> = {
  settled: null,
  repeated: null,
  conflict: { code: 'CONFLICT', message: 'the call already has another answer' },
  unknown: { code: 'NOT_FOUND', message: 'no call by that id waits for an answer' },
  late: { code: 'CONFLICT', message: "the call's deadline has passed" },
  early: null,
  'other-way': { code: 'CONFLICT', message: "the call's answer must be published on its channel" },
  full: { code: 'LIMIT_EXCEEDED', message: "the run's log, or its account, has no room for the answer" },
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
