import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'

export interface SpanStart {
  readonly name: string
  readonly kind?: keyof typeof kinds
  /** Names, counts and codes only, never contents. */
  readonly attributes: Attributes
  /** A W3C traceparent. Null or malformed: starts a new trace. Absent: a child of the current span. */
  readonly parent?: string | null | undefined
  /** The traceparent of another cause, as a span link. */
  readonly link?: string | null | undefined
}

/** An open span. */
export interface OpenSpan {
  set(attributes: Attributes): void
  /** Marks the span as failed. `code` is an error code or the name of an error class. */
  fail(code: string): void
}

/** Opens spans, and tracks the current span of each asynchronous flow. */
export interface Tracing {
  /** Whether spans are exported. If not, callers can skip work that only spans need. */
  readonly isOn: boolean
  /** Opens a span that the caller ends. It never becomes the current span. */
  open(start: SpanStart): OpenSpan & { end(): void }
  inSpan<Result>(start: SpanStart, work: (span: OpenSpan) => Promise<Result>): Promise<Result>
  /** Runs work whose span is opened later, by `begin`. The span ends with the work. */
  inScope<Result>(work: () => Promise<Result>): Promise<Result>
  begin(start: SpanStart): OpenSpan
  /** Records a span that is over. Times are in ms since 1970. */
  past(start: SpanStart, from: number, to: number): void
  /** The current span; null if there is none. */
  present(): (OpenSpan & { readonly traceparent: string }) | null
}

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

interface Scope {
  span: Span | null
}

/** Uses no globals of OpenTelemetry, so two apps in one process stay separate. */
export function createTracing(tracer: Tracer): Tracing {
  const scopes = new AsyncLocalStorage<Scope>()
  const startSpan = ({ name, kind = 'internal', attributes, parent, link }: SpanStart, startTime?: number): Span => {
    const linked = readTraceparent(link)
    const links = linked === null ? [] : [{ context: linked }]
    const options = { kind: kinds[kind], attributes, links, ...(startTime === undefined ? {} : { startTime }) }
    return tracer.startSpan(name, options, contextOf(parent))
  }
  const contextOf = (parent: SpanStart['parent']): Context => {
    if (parent === undefined) {
      const span = scopes.getStore()?.span ?? null
      return span === null ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, span)
    }
    const remote = readTraceparent(parent)
    return remote === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote)
  }
  const run = async <Result>(scope: Scope, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await scopes.run(scope, work)
    } catch (error) {
      if (scope.span !== null) view(scope.span).fail(error instanceof Error ? error.name : 'Error')
      throw error
    } finally {
      scope.span?.end()
    }
  }

  return {
    isOn: true,
    open(start) {
      const span = startSpan(start)
      return { ...view(span), end: () => span.end() }
    },
    inSpan(start, work) {
      const span = startSpan(start)
      return run({ span }, () => work(view(span)))
    },
    inScope: (work) => run({ span: null }, work),
    begin(start) {
      const span = startSpan(start)
      const scope = scopes.getStore()
      if (scope === undefined) span.end()
      else scope.span = span
      return view(span)
    },
    past: (start, from, to) => startSpan(start, from).end(to),
    present() {
      const span = scopes.getStore()?.span ?? null
      return span === null ? null : { ...view(span), traceparent: traceparentOf(span) }
    },
  }
}

const nowhere = { set: () => {}, fail: () => {}, end: () => {} }

/** Does nothing. */
export const noTracing: Tracing = {
  isOn: false,
  open: () => nowhere,
  inSpan: (_start, work) => work(nowhere),
  inScope: (work) => work(),
  begin: () => nowhere,
  past: () => {},
  present: () => null,
}

function view(span: Span): OpenSpan {
  return {
    set: (attributes) => void span.setAttributes(attributes),
    fail(code) {
      span.setAttribute('error.type', code)
      // Without a message, which may contain what somebody said.
      span.setStatus({ code: SpanStatusCode.ERROR })
    },
  }
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}

/** Parses https://www.w3.org/TR/trace-context/#traceparent-header. Null if malformed. */
function readTraceparent(text: string | null | undefined) {
  const [, version, traceId = '', spanId = '', flags = ''] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(text ?? '') ?? []
  if (version === undefined || version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
}
