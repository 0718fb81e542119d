import { parsed, stringifyJson } from '../../kernel/json.ts'
import type { ModelFault, ModelFinish, ModelUsage } from '../model.ts'
import { createAnswerRoom } from './answer-room.ts'
import { createEventReader, type RawEvent } from './event-reader.ts'
import { endFault, hide, toldFault, tooLargeFault, unreadableFault } from './faults.ts'
import type { WireFormat } from './format.ts'

/** What one call's answer said, independent of what its adapter makes of it. */
export interface Heard {
  /** If there is one, the answer does not count. */
  readonly fault: ModelFault | null
  readonly usage: ModelUsage | null
  readonly refusal: string
}

export interface Hearing {
  /** For the adapter: answers contain only what the adapter reads, in the form that it expects. */
  readonly fetch: typeof fetch
  readonly heard: Heard
}

export interface HearingOptions {
  readonly fetch: typeof fetch
  readonly format: WireFormat
  readonly secret: string | undefined
  /** Ends early, with any error, when its signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** Once the outcome of a call is clear, the rest is read for its usage: at most so many events and so long a pause. */
const maxRestEvents = 500
const maxRestPauseMs = 5000

const maxRefusalLength = 1000

/**
 * The one place that judges a provider's answer, between the network and the adapter. It classifies each event (format.ts)
 * and accepts an end only with a reason that is known to be good. For the adapter, an answer with a fault simply ends
 * there; the caller looks at `heard` first.
 */
export function createHearing({ fetch, format, secret, sleep }: HearingOptions): Hearing {
  const room = createAnswerRoom()
  const wire = format.createReader(room)
  let fault: ModelFault | null = null

  const regular = (body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> => {
    const reader = body.getReader()
    const events = createEventReader()
    const decoder = new TextDecoder()
    const encoder = new TextEncoder()
    let count = 0
    let restCount = 0
    let isDone = false
    /** Whether the answer has cost anything but time. */
    let hasSaid = false

    const take = ({ data, name, isWhole }: RawEvent): readonly object[] => {
      if (isDone || isSignOfLife(data, name)) return []
      if (data.trim() === '[DONE]') {
        isDone = true
        wire.done()
        return []
      }
      count += 1
      if (fault !== null || wire.end !== null) restCount += 1
      const value = name === 'error' ? (parsed(data) ?? data) : parsed(data)
      // An event that broke off is a cut, which is reported at the end.
      if (value === undefined && !isWhole) return []
      const reading = value === undefined ? ({ kind: 'unreadable' } as const) : wire.read(value, name)
      if (wire.isOver) isDone = true
      if (room.isFull) return full()
      switch (reading.kind) {
        case 'error':
          if (fault === null || fault.sameAs !== null) fault = toldFault(reading.told, secret)
          return []
        case 'unreadable':
          fault ??= unreadableFault(data, `as event ${count} of its answer`, secret)
          return []
        case 'new':
          return []
        case 'answer':
          hasSaid = true
          return fault === null ? reading.events : []
      }
    }
    /** The provider is not listened to any longer. */
    const full = (): readonly object[] => {
      isDone = true
      fault ??= tooLargeFault()
      return []
    }
    const finish = (): readonly object[] => {
      if (fault !== null) return []
      const end = wire.end
      if (end === null || end.read === 'passing' || end.read === 'again') {
        const isPassing = end?.read === 'passing' && !hasSaid
        fault = endFault({ said: end?.said ?? null, events: count, isPassing }, secret)
        return []
      }
      return rest(end.read)
    }
    const rest = (end: ModelFinish): readonly object[] => {
      const reading = wire.finish(end)
      if (room.isFull) return full()
      if (reading.kind === 'answer') return reading.events
      if (reading.kind === 'unreadable') fault = unreadableFault('a call without a name', 'at its end', secret)
      return []
    }
    /** Null: nothing more comes, or the wait is over. */
    const next = async (): Promise<Uint8Array | null> => {
      const reading = reader.read()
      if (fault === null && wire.end === null) return (await reading).value ?? null
      // An answer that is known to be complete stays complete, even if its connection breaks.
      const read = reading.then(
        ({ value }) => value ?? null,
        () => null,
      )
      const over = new AbortController()
      const pause = sleep(maxRestPauseMs, over.signal).then(
        () => null,
        () => null,
      )
      const first = await Promise.race([read, pause])
      over.abort()
      return first
    }

    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          for (;;) {
            const bytes = await next()
            const raw = bytes === null ? events.end() : events.feed(decoder.decode(bytes, { stream: true }))
            const told = raw.flatMap(take)
            const isOver = bytes === null || isDone || restCount > maxRestEvents
            const all = isOver ? [...told, ...finish()] : told
            if (all.length > 0) controller.enqueue(encoder.encode(all.map(line).join('')))
            if (isOver) {
              controller.close()
              reader.cancel().catch(() => undefined)
              return
            }
            if (all.length > 0) return
          }
        },
        cancel: (reason) => reader.cancel(reason),
      },
      // Nothing is read ahead: the provider is read only as fast as the caller reads.
      { highWaterMark: 0 },
    )
  }

  return {
    async fetch(input, init) {
      const response = await fetch(input, init)
      if (!response.ok) return response
      const { headers } = response
      return new Response(regular(response.body ?? new Blob([]).stream()), { status: 200, headers })
    },
    heard: {
      get fault() {
        return fault
      },
      get usage() {
        return wire.usage
      },
      get refusal() {
        return hide(wire.refusal.slice(0, maxRefusalLength), secret)
      },
    },
  }
}

/** Gateways keep connections open with events that say nothing, some without JSON. */
function isSignOfLife(data: string, name: string | undefined): boolean {
  if (data.trim() === '' || /^[\W_]*(ping|pong|keep[-_ ]?alive|heartbeat)[\W_]*$/i.test(data)) return true
  return !data.startsWith('{') && /^(ping|keep-?alive|heartbeat)$/i.test(name ?? '')
}

function line(event: object): string {
  return `data: ${stringifyJson(event)}\n\n`
}
