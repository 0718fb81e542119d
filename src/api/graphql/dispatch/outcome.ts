import type {
  DispatchError as DomainError,
  DispatchResult as DomainResult,
  FinishReason,
} from '../../../conversation/event.ts'
import type { CallError } from '../../../conversation/function.ts'
import { builder } from '../builder.ts'

const reasons: Record<Uppercase<FinishReason>, { value: FinishReason; description: string }> = {
  STOP: { value: 'stop', description: 'The model finished its answer.' },
  LENGTH: { value: 'length', description: "The model's output was cut off, and the continuations were used up." },
  ACTIVITY: {
    value: 'activity',
    description:
      'The model called a function that declares no `result`; the request is the last message. To go on, dispatch again with `continues` and an ACTIVITY response message.',
  },
  ABORT: { value: 'abort', description: "A function's answer asked to stop the run." },
  CALLS: { value: 'calls', description: 'The limit on function calls was reached.' },
  LOOP: { value: 'loop', description: 'The model kept making the same function calls with the same arguments.' },
  ITERATION: { value: 'iteration', description: 'The limit on iterations was reached.' },
  TOKENS: { value: 'tokens', description: 'The limit on tokens was reached.' },
  COST: { value: 'cost', description: 'The limit on cost was reached.' },
}

const FinishReasonEnum = builder.enumType('FinishReason', {
  description: 'Why a completed run stopped.',
  values: reasons,
})

export const DispatchResult = builder.objectRef<DomainResult>('DispatchResult').implement({
  description: 'The result of a completed run.',
  fields: (t) => ({
    text: t.exposeString('text', {
      description: 'The last answer of the model. If it was cut off and continued, its pieces are joined.',
    }),
    finishReason: t.expose('finishReason', { type: FinishReasonEnum, description: 'Why the run stopped.' }),
  }),
})

export const DispatchError = builder.objectRef<DomainError | CallError>('DispatchError').implement({
  description: 'Why a run, a function call or an attachment failed.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description:
        'A code for programs. A run fails with MODEL_UNAVAILABLE, MODEL_REJECTED, TIMEOUT, WORKER_LOST, LIMIT_EXCEEDED (its log is full, or its account has stored as many bytes as it may, or has used up its tokens or money of this day), UNAVAILABLE or INTERNAL. For the codes of function calls see FunctionCallFailed; an attachment fails with FAILED. New codes may be added.',
    }),
    message: t.exposeString('message', { description: 'An explanation for people.' }),
  }),
})
