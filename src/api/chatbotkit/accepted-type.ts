import { badInput } from '../../kernel/errors.ts'
import type { StreamType } from './stream/frames.ts'

/** The types that an endpoint can answer with, as `Accept` names them. */
const mediaTypes = {
  json: 'application/json',
  jsonl: 'application/jsonl',
  sse: 'text/event-stream',
} as const satisfies Record<StreamType | 'json', string>

export type AnswerType = keyof typeof mediaTypes

/**
 * The first of the types that `Accept` names and the endpoint has; nothing, or anything, means its first. Weights are not
 * looked at. BAD_USER_INPUT where none fits.
 */
export function acceptedType<Type extends AnswerType>(
  accept: string | undefined,
  types: readonly [Type, ...Type[]],
): Type {
  const named = (accept ?? '*/*').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase() ?? '')
  for (const name of named) {
    if (name === '*/*' || name === 'application/*' || name === '') return types[0]
    const type = types.find(
      (each) => mediaTypes[each] === name || (each === 'jsonl' && name === 'application/x-ndjson'),
    )
    if (type !== undefined) return type
  }
  const known = types.map((type) => mediaTypes[type]).join(', ')
  throw badInput([{ path: [], message: `Unsupported accept header: this endpoint answers with ${known}` }])
}
