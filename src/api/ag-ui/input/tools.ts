import { z } from 'zod'
import { badInput } from '../../../kernel/errors.ts'
import { isRecord } from '../../../kernel/json.ts'
import type { GivenTool } from './run-input.ts'

/** What a tool's `metadata.backchannel` says. */
const wishes = z.strictObject({
  /** The run waits for the result, and the AG-UI run ends with an interrupt; absent: the run ends, and the next one goes on. */
  await: z.boolean().optional(),
  timeoutSeconds: z.number().optional(),
})

/** The client's tools as functions of the dispatch. */
export function functionsOf(tools: readonly GivenTool[]): readonly object[] {
  return tools.map(({ name, description, parameters, metadata }, index) => {
    const { data, error } = wishes.safeParse(metadata?.backchannel ?? {})
    if (data === undefined) {
      const path = ['tools', index, 'metadata', 'backchannel', ...(error.issues[0]?.path ?? []).map(String)]
      throw badInput([{ path, message: 'takes {await: true or false, timeoutSeconds}' }])
    }
    return {
      name,
      description: description === '' ? name : description,
      parameters: isRecord(parameters) && Object.keys(parameters).length > 0 ? parameters : noParameters,
      ...(data.await === true && { result: { await: true } }),
      timeoutSeconds: data.timeoutSeconds,
    }
  })
}

const noParameters = { type: 'object', properties: {} }
