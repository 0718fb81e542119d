import type { AnswerKind, FunctionCall as DomainCall } from '../../../conversation/function.ts'
import { functionBounds } from '../../../conversation/input/function-input.ts'
import { builder } from '../builder.ts'

const FunctionResultInput = builder.inputType('FunctionResultInput', {
  description:
    'Where the answers of a function come from. Pass exactly one of the three fields: `data` counts when its key is present, even if it is null; `channel` and `await` count when they are not null.',
  fields: (t) => ({
    data: t.field({
      type: 'JSON',
      description:
        'An answer that is known in advance: any JSON value, including null, 0, "" and false. Up to 250,000 characters as JSON and 100 levels deep.',
    }),
    channel: t.id({
      description:
        'The run waits for a message published on this channel (16 to 128 of A-Z a-z 0-9 _ -). A truthy `abort` in the message stops the run, and a truthy `error` fails the call; otherwise `result` is the answer, or the whole message if it has no `result`. Calls that wait on the same channel are served first come, first served. A message published up to one minute before the call also counts.',
    }),
    await: t.boolean({ description: 'True: the run waits for `submitFunctionResult`. False is a BAD_USER_INPUT.' }),
  }),
})

const FunctionCallPolicyInput = builder.inputType('FunctionCallPolicyInput', {
  description: 'When the model must call a function. A model that ignores this does not block the run.',
  fields: (t) => ({
    start: t.boolean({
      description:
        'True: the model must call the function before anything else. Several such functions are called in their order, one per iteration. Default: false.',
    }),
    end: t.boolean({
      description:
        'True: the model must call the function after it has finished its answer. Several such functions are called in their order, one per iteration. Default: false.',
    }),
  }),
})

export const FunctionInput = builder.inputType('FunctionInput', {
  description: 'A function that the model may call.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: `The name: up to ${functionBounds.name} of A-Z a-z 0-9 _ $, starting with a letter or $. Unique within the dispatch.`,
    }),
    description: t.string({
      required: true,
      description: 'What the function does and when to call it, 1 to 10,000 characters. The model reads it.',
    }),
    parameters: t.field({
      type: 'JSONObject',
      required: true,
      description:
        'A JSON Schema for the arguments that describes an object, up to 250,000 characters as JSON and 100 levels deep. `$schema` may name draft 04 to 2020-12 or OpenAPI 3.0. Arguments that violate it fail the call with BAD_ARGUMENTS, and the model reads why.',
    }),
    result: t.field({
      type: FunctionResultInput,
      description:
        'Where the answer comes from. If absent, the run ends with finish reason ACTIVITY when the model calls the function; to go on, dispatch again with `continues` and an ACTIVITY response message.',
    }),
    call: t.field({
      type: FunctionCallPolicyInput,
      description: 'When the model must call the function. Default: the model decides.',
    }),
    timeoutSeconds: t.int({
      description:
        'How long the run waits for an answer, 1 to 2,592,000 seconds (30 days). After that the call fails with TIMEOUT and the run goes on. Default: 604,800 (7 days).',
    }),
  }),
})

const answers: Record<Uppercase<AnswerKind>, { value: AnswerKind; description: string }> = {
  STATIC: { value: 'static', description: 'The answer was given with the dispatch.' },
  CHANNEL: { value: 'channel', description: 'The answer is a message published on a channel.' },
  SUBMIT: { value: 'submit', description: 'The answer comes through `submitFunctionResult`.' },
  CALLER: { value: 'caller', description: 'The run ends, and the caller answers in a dispatch that continues it.' },
  ABILITY: {
    value: 'ability',
    description: 'This server answers: the function belongs to a skillset, a dataset or a feature.',
  },
}

const FunctionAnswer = builder.enumType('FunctionAnswer', {
  description: 'Where the answer to a function call comes from.',
  values: answers,
})

export const FunctionCall = builder.objectRef<DomainCall>('FunctionCall').implement({
  description: 'A function call that the model has made.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'A globally unique id, minted by this server. It is not the id that the provider uses.',
    }),
    name: t.exposeString('name', { description: 'The name of the function, as the model wrote it.' }),
    arguments: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The arguments, as the model wrote them; null when they are not readable as JSON.',
      resolve: (call) => call.arguments,
    }),
    answer: t.expose('answer', { type: FunctionAnswer, description: 'Where the answer comes from.' }),
    deadline: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the run stops waiting for the answer; null while it does not wait for one.',
      resolve: ({ deadline }) => (deadline === null ? null : new Date(deadline)),
    }),
  }),
})
