import { z } from '@hono/zod-openapi'

/** How long a run waits for a message if the function gives no timeout. Clients of the vendor rely on this value. */
const channelAnswerSeconds = 300

const wireFunction = z
  .object({
    name: z
      .string()
      .openapi({ description: 'A JavaScript identifier of up to 64 characters that does not start with `_`.' }),
    description: z.string(),
    parameters: z.record(z.string(), z.unknown()).openapi({ description: 'A JSON Schema of type object.' }),
    result: z
      .object({
        data: z.unknown().optional().openapi({ description: 'An answer that is known in advance: any JSON value.' }),
        channel: z.string().nullish().openapi({ description: 'The channel on which the answer will be published.' }),
      })
      .nullish()
      .openapi({
        description:
          'Exactly one of the two. Without `result` the run ends with `activity` when the model calls the function.',
      }),
    call: z.object({ start: z.boolean().nullish(), end: z.boolean().nullish() }).nullish(),
    timeoutSeconds: z
      .int()
      .nullish()
      .openapi({ description: `How long the run waits for an answer, in seconds. Default: ${channelAnswerSeconds}.` }),
  })
  .openapi('Function')

export const functionsField = z.array(wireFunction).nullish()

export function inputFunctions(functions: z.output<typeof functionsField>) {
  return functions?.map(({ timeoutSeconds, ...rest }) => ({
    ...rest,
    timeoutSeconds: timeoutSeconds ?? (rest.result?.channel == null ? null : channelAnswerSeconds),
  }))
}
