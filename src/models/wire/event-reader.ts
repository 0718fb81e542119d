import { createParser } from 'eventsource-parser'
import { parsed } from '../../kernel/json.ts'

/** One piece of a provider's answer: an event's data, or the whole body if it is no event stream. */
export interface RawEvent {
  readonly data: string
  readonly name: string | undefined
  /** False: the answer broke off before its end. */
  readonly isWhole: boolean
}

/** Of one event, or of a body that is no event stream, in characters. */
const maxLength = 16_000_000

/**
 * Cuts an answer into its events. Whether it is an event stream is told by how it begins: servers send streams as
 * `application/json`, and errors as `text/event-stream`. A line that is none of an event's and holds JSON is an event,
 * too: llama.cpp writes `error: {…}`, and servers that fail in mid-stream add `{"error": …}` as it is.
 */
export function createEventReader() {
  let events: RawEvent[] = []
  let body: string | null = ''
  const parser = createParser({
    onEvent: ({ data, event }) => {
      events.push(...pieces(data, event).map((piece) => ({ ...piece, isWhole: true })))
    },
    onError({ line, field, value }) {
      const text = field === 'error' ? value : line
      if (text?.trimStart().startsWith('{')) events.push({ data: text, name: undefined, isWhole: true })
    },
    maxBufferSize: maxLength,
  })
  const take = (): readonly RawEvent[] => {
    const taken = events
    events = []
    return taken
  }
  return {
    feed(text: string): readonly RawEvent[] {
      if (body === null) parser.feed(text)
      else {
        body += text
        const start = body.trimStart()
        if (/^(data|event|id|retry|error)?:/.test(start)) {
          parser.feed(start)
          body = null
        } else if (body.length > maxLength) {
          throw new Error('The answer is too long.')
        }
      }
      return take()
    },
    /** Many servers leave out the empty line after the last event. */
    end(): readonly RawEvent[] {
      if (body === null) {
        parser.feed('\n\n')
        return take().map((event) => ({ ...event, isWhole: false }))
      }
      return body.trim() === '' ? [] : [{ data: body.trim(), name: undefined, isWhole: true }]
    },
  }
}

type Piece = Pick<RawEvent, 'data' | 'name'>

/**
 * Servers forget the empty line between two events, which makes them one of two lines, or write the name of the field
 * twice. JSON of several lines is one event.
 */
function pieces(data: string, name: string | undefined): readonly Piece[] {
  const bare = data.replace(/^data: ?/, '')
  if (!bare.includes('\n')) return [{ data: bare, name }]
  const lines = bare.split('\n').filter((line) => line.trim() !== '')
  const isOne = parsed(bare) !== undefined || lines.every((line) => parsed(line) === undefined)
  return isOne ? [{ data: bare, name }] : lines.map((line) => ({ data: line.replace(/^data: ?/, ''), name: undefined }))
}
