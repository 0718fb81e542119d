import type {
  DispatchError as DomainError,
  DispatchResult as DomainResult,
  FinishReason,
} from '../../../conversation/event.ts'
import type { CallError } from '../../../conversation/function.ts'
import { builder } from '../builder.ts'

const reasons: Record<Uppercase<FinishReason>, { value: FinishReason; description: string }> = {
  STOP: { value: 'stop', description: 'The model was done.' },
  LENGTH: { value: 'length', description: "The model's output was cut, and the continuations were used up." },
  ACTIVITY: {
    value: 'activity',
    description:
      'The model called a function without a result: its request is the last message. `continues`, with an ACTIVITY response message, goes on from there.',
  },
  ABORT: { value: 'abort', description: "A function's answer asked to stop." },
  CALLS: { value: 'calls', description: 'The function calls were used up.' },
  LOOP: { value: 'loop', description: 'The model asked for the same calls with the same arguments over and over.' },
  ITERATION: { value: 'iteration', description: 'The iterations were used up.' },
}

const FinishReasonEnum = builder.enumType('FinishReason', {
  description: 'Why a run that completed stopped.',
  values: reasons,
})

export const DispatchResult = builder.objectRef<DomainResult>('DispatchResult').implement({
  description: 'What a completed run came to.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The last answer, the pieces of a cut one joined.' }),
    finishReason: t.expose('finishReason', { type: FinishReasonEnum, description: 'Why the run stopped.' }),
  }),
})

export const DispatchError = builder.objectRef<DomainError | CallError>('DispatchError').implement({
  description: 'Why a run, a call or an attachment failed.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description:
        'Of a run: MODEL_UNAVAILABLE, MODEL_REJECTED, TIMEOUT, WORKER_LOST, LIMIT_EXCEEDED (of the log), UNAVAILABLE or INTERNAL. More may come.',
    }),
    message: t.exposeString('message', { description: 'A sentence for people.' }),
  }),
})
