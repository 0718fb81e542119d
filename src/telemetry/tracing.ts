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
  /** Never what was said: names, counts and codes only. */
  readonly attributes: Attributes
  /** A W3C traceparent; null or malformed: a new trace. Absent: the present span. */
  readonly parent?: string | null | undefined
  /** The traceparent of what else brought it about. */
  readonly link?: string | null | undefined
}

/** A span that is open. */
export interface OpenSpan {
  set(attributes: Attributes): void
  /** Marks it as failed; `code` is a code or the name of an error's class. */
  fail(code: string): void
}

/** Spans, and which of them is the present one of an asynchronous flow. */
export interface Tracing {
  /** Whether spans go anywhere: what only they need can be left out otherwise. */
  readonly isOn: boolean
  /** For whoever ends it; it is not the present one of anything. */
  open(start: SpanStart): OpenSpan & { end(): void }
  inSpan<Result>(start: SpanStart, work: (span: OpenSpan) => Promise<Result>): Promise<Result>
  /** Work whose span is known only when it has begun: `begin` opens it. It ends with the work. */
  inScope<Result>(work: () => Promise<Result>): Promise<Result>
  begin(start: SpanStart): OpenSpan
  /** What has gone by: times in ms since 1970. */
  past(start: SpanStart, from: number, to: number): void
  /** The present span; null where there is none. */
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

/** Without any global of OpenTelemetry's: two apps in one process do not meet. */
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

/** Costs nothing but the calls. */
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
      // Without a message: it may hold what somebody said.
      span.setStatus({ code: SpanStatusCode.ERROR })
    },
  }
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}

/** https://www.w3.org/TR/trace-context/#traceparent-header; null for what it does not allow. */
function readTraceparent(text: string | null | undefined) {
  const [, version, traceId = '', spanId = '', flags = ''] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(text ?? '') ?? []
  if (version === undefined || version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
}
