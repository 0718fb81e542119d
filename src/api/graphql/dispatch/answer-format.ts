import { functionBounds } from '../../../conversation/input/function-input.ts'
import { builder } from '../builder.ts'

export const AnswerFormatInput = builder.inputType('AnswerFormatInput', {
  description:
    "The form of the model's answers: JSON that fits a schema. For models whose provider has this; of others it is a BAD_USER_INPUT. The answer stays a text, which the caller parses: a model may refuse, or be cut at its limit of tokens.",
  fields: (t) => ({
    name: t.string({
      required: true,
      description: `What the answer is called: up to ${functionBounds.name} of A-Z a-z 0-9 _ -. The model may read it.`,
    }),
    description: t.string({ description: 'What the answer is for, 1 to 10,000 characters. The model may read it.' }),
    schema: t.field({
      type: 'JSONObject',
      required: true,
      description:
        'A JSON Schema that describes an object, up to 250,000 characters as JSON and 100 levels deep. It goes to the provider as it is: the provider may take a part of JSON Schema only, and the run then fails with MODEL_REJECTED.',
    }),
    isStrict: t.boolean({
      description:
        'True: the provider holds the model to the schema, where it makes that difference (OpenAI: every property is required, and no others are allowed). Default: false.',
    }),
  }),
})
