import type { AnswerKind, FunctionCall as DomainCall } from '../../../conversation/function.ts'
import { functionBounds } from '../../../conversation/function-input.ts'
import { builder } from '../builder.ts'

const FunctionResultInput = builder.inputType('FunctionResultInput', {
  description:
    "Where a function's answers come from: exactly one of the three. `data` counts when its key is present, null included; `channel` and `await` when not null.",
  fields: (t) => ({
    data: t.field({ type: 'JSON', description: 'The answer, known in advance: any JSON, also null, 0, "" and false.' }),
    channel: t.id({
      description:
        'The run waits for a message published on this channel (16 to 128 of A-Z a-z 0-9 _ -). Of the message, a truthy `abort` stops the run, a truthy `error` fails the call, `result` is the answer, else the whole message is. Calls that wait on one channel get its messages first come, first served; a message that came up to a minute early counts.',
    }),
    await: t.boolean({ description: 'True: the run waits for submitFunctionResult.' }),
  }),
})

const FunctionCallPolicyInput = builder.inputType('FunctionCallPolicyInput', {
  description: 'When the model must call a function. A model that ignores it does not hold the run up.',
  fields: (t) => ({
    start: t.boolean({
      description: 'It is called at the start, before the model is free; several in their order, one an iteration.',
    }),
    end: t.boolean({
      description: 'It is called once the model has stopped; several in their order, one an iteration.',
    }),
  }),
})

export const FunctionInput = builder.inputType('FunctionInput', {
  description: 'A function that the model may call.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: `Up to ${functionBounds.name} of A-Z a-z 0-9 _ $, beginning with a letter or $. Unique among the dispatch's functions.`,
    }),
    description: t.string({ required: true, description: 'What it does and when to call it, for the model.' }),
    parameters: t.field({
      type: 'JSONObject',
      required: true,
      description:
        "A JSON Schema (2020-12) of type object. The model's arguments are validated against it; a violation goes back to the model as that call's error.",
    }),
    result: t.field({
      type: FunctionResultInput,
      description:
        'Absent: the run ends with finish reason ACTIVITY when the model calls it, for the caller to carry on: dispatch again with `continues` and an ACTIVITY response message.',
    }),
    call: t.field({
      type: FunctionCallPolicyInput,
      description: 'When the model must call it. Default: when it likes.',
    }),
    timeoutSeconds: t.int({
      description:
        'How long the run waits for an answer; then the call has failed and the run goes on. Up to 30 days (2592000). Default: a week (604800).',
    }),
  }),
})

const answers: Record<Uppercase<AnswerKind>, { value: AnswerKind; description: string }> = {
  STATIC: { value: 'static', description: 'It was given with the dispatch.' },
  CHANNEL: { value: 'channel', description: 'A message published on a channel.' },
  SUBMIT: { value: 'submit', description: 'submitFunctionResult.' },
  CALLER: { value: 'caller', description: 'The caller, in a dispatch that continues this one.' },
  ABILITY: { value: 'ability', description: 'This server: an ability of a skillset, a dataset or a feature.' },
}

const FunctionAnswer = builder.enumType('FunctionAnswer', {
  description: "Where the call's answer comes from.",
  values: answers,
})

export const FunctionCall = builder.objectRef<DomainCall>('FunctionCall').implement({
  description: 'A function call that the model has asked for.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Minted here: no other call anywhere has it, whatever a provider calls its own.',
    }),
    name: t.exposeString('name', { description: "The function's name, as the model wrote it." }),
    arguments: t.field({
      type: 'JSON',
      nullable: true,
      description: "Null when the model's arguments could not be read.",
      resolve: (call) => call.arguments,
    }),
    answer: t.expose('answer', { type: FunctionAnswer, description: 'Where its answer comes from.' }),
    deadline: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the run stops waiting for the answer; null where it does not wait, or not yet.',
      resolve: ({ deadline }) => (deadline === null ? null : new Date(deadline)),
    }),
  }),
})
