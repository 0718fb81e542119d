import { z } from '@hono/zod-openapi'

/** How long a run waits for a message when the function does not say: what clients of the vendor rely on. */
const channelAnswerSeconds = 300

const wireFunction = z
  .object({
    name: z.string().openapi({ description: 'An identifier of JavaScript of up to 64 characters; no `_` first.' }),
    description: z.string(),
    parameters: z.record(z.string(), z.unknown()).openapi({ description: 'A JSON Schema of type object.' }),
    result: z
      .object({
        data: z.unknown().optional().openapi({ description: 'The answer, known in advance: any JSON.' }),
        channel: z.string().nullish().openapi({ description: 'The channel on which the answer is published.' }),
      })
      .nullish()
      .openapi({ description: 'One of both; without it the run ends as `activity` when the function is called.' }),
    call: z.object({ start: z.boolean().nullish(), end: z.boolean().nullish() }).nullish(),
    timeoutSeconds: z
      .int()
      .nullish()
      .openapi({ description: `How long an answer is waited for. Default: ${channelAnswerSeconds}.` }),
  })
  .openapi('Function')

export const functionsField = z.array(wireFunction).nullish()

export function inputFunctions(functions: z.output<typeof functionsField>) {
  return functions?.map(({ timeoutSeconds, ...rest }) => ({
    ...rest,
    timeoutSeconds: timeoutSeconds ?? (rest.result?.channel == null ? null : channelAnswerSeconds),
  }))
}
