import { badInput } from '../../kernel/errors.ts'
import type { StreamType } from './stream/frames.ts'

/** The media types that endpoints can answer with, by their names in `Accept`. */
const mediaTypes = {
  json: 'application/json',
  jsonl: 'application/jsonl',
  sse: 'text/event-stream',
} as const satisfies Record<StreamType | 'json', string>

export type AnswerType = keyof typeof mediaTypes

/**
 * The first type in `Accept` that the endpoint supports. Without the header, or with a wildcard, it is the endpoint's first
 * type. Weights (`q=`) are ignored. BAD_USER_INPUT if no type fits.
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
