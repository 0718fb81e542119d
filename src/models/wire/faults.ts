import { stringifyJson } from '../../kernel/json.ts'
import { ModelFault, type ModelFaultOptions } from '../model.ts'
import { answerBounds } from './answer-room.ts'
import type { ErrorReading } from './error-rows.ts'
import { judgeError, readError, waitOf } from './told-error.ts'

/** How much of what a provider sent a fault quotes: enough to report it, too little to fill a log. */
const maxSentLength = 300

/** Shorter keys are placeholders for servers that need no key; hiding `none` everywhere would help nobody. */
const minSecretLength = 8

export function hide(text: string, secret: string | undefined): string {
  return secret === undefined || secret.length < minSecretLength ? text : text.replaceAll(secret, '***')
}

/** `retryAfterMs` is the time that the provider asks to wait, if it does. Who asks for a wait asks for fewer calls. */
export function kindOf(
  read: ErrorReading,
  retryAfterMs: number | null,
): ModelFaultOptions & { readonly kind: ModelFault['kind'] } {
  if (read === 'refused') return { kind: 'rejected' }
  if (read === 'hopeless') return { kind: 'unavailable' }
  const isThrottled = read === 'throttled' || retryAfterMs !== null
  return { kind: 'unavailable', isRetryable: true, retryAfterMs, isThrottled }
}

/** An error in the place of an answer: an event of a stream, or the body of an answer with status 200. */
export function toldFault(told: unknown, secret: string | undefined): ModelFault {
  const error = readError(told)
  const message = hide(error.words ?? `The provider reported an error: ${cut(stringifyJson(told))}`, secret)
  const read = judgeError(error, null)
  if (read === null) return again(message, hide(`error ${error.code} ${error.type} ${error.words}`, secret))
  const { kind, ...options } = kindOf(read, waitOf(error))
  return new ModelFault(kind, message, options)
}

/** `place` says where in the answer it was. */
export function unreadableFault(sent: string, place: string, secret: string | undefined): ModelFault {
  const shown = hide(cut(sent), secret)
  const message = `The provider sent something that cannot be read, ${place}: ${shown}`
  return again(message, `unreadable ${shapeOf(shown)}`)
}

/** Asked again, the model might do the same at the same cost. */
export function tooLargeFault(): ModelFault {
  const { characters, items } = answerBounds
  return new ModelFault(
    'unavailable',
    `One answer of the model holds more than a run takes: ${characters} characters of calls, or ${items} calls and blocks.`,
  )
}

/** Texts and numbers differ each time; field names do not. */
function shapeOf(sent: string): string {
  const keys = sent.replaceAll(/"((?:[^"\\]|\\.)*)("\s*:|"|$)/g, (_, text: string, end: string) => {
    return end.endsWith(':') ? `"${text}":` : '""'
  })
  return keys.replaceAll(/\d+/g, '0')
}

interface End {
  /** The provider's word for it; null where it said none. */
  readonly said: string | null
  /** Events before it. */
  readonly events: number
  /** True: it has cost nothing and will pass. */
  readonly isPassing: boolean
}

export function endFault({ said, events, isPassing }: End, secret: string | undefined): ModelFault {
  const reason = said === null ? null : hide(cut(said), secret)
  const place = events === 0 ? 'before it began' : `after ${events === 1 ? 'one event' : `${events} events`}`
  const how = reason === null ? 'without saying why' : `with the reason ${JSON.stringify(reason)}, which is no end`
  const message = `The provider's stream ended ${place}, ${how}.`
  return isPassing ? new ModelFault('unavailable', message, { isRetryable: true }) : again(message, `end ${reason}`)
}

function again(message: string, sameAs: string): ModelFault {
  return new ModelFault('unavailable', message, { isRetryable: true, sameAs })
}

function cut(text: string): string {
  return text.length > maxSentLength ? `${text.slice(0, maxSentLength)}…` : text
}
