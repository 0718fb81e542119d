import type { LogEntry } from '../channel/channel.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import type { DeliveryKey } from '../webhooks/delivery.ts'
import type { SpanStart } from './tracing.ts'

export interface Attempt {
  readonly attempt: number
  readonly how: 'first' | 'resumed' | 'taken-over'
  readonly request: ConversationRequest
  /** The traceparent of whoever queued the job: the dispatch, or the answer that the parked run was waiting for. */
  readonly link: string | undefined
}

/** The span of one attempt, in the trace of its dispatch. */
export function runSpan(key: ChannelKey, { attempt, how, request, link }: Attempt): SpanStart {
  return {
    name: 'invoke_agent',
    kind: 'consumer',
    parent: request.traceparent ?? null,
    link: link === request.traceparent ? null : link,
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.conversation.id': key.channel,
      'backchannel.account': key.account,
      'backchannel.run.attempt': attempt,
      'backchannel.run.start': how,
    },
  }
}

interface PastSpan {
  readonly start: SpanStart
  /** In ms since 1970. */
  readonly from: number
  readonly to: number
}

/** Spans for calls that others answered since the previous attempt began, from request to answer. */
export function callSpans(facts: readonly LogEntry[], request: ConversationRequest): readonly PastSpan[] {
  const starts = facts.flatMap(({ event }, index) => (event.type === 'dispatch-started' ? [index] : []))
  const before = starts.at(-2)
  if (before === undefined) return []
  const asked = new Map<string, number>()
  const spans: PastSpan[] = []
  for (const [index, { at, event }] of facts.entries()) {
    if (event.type === 'function-result-awaited') asked.set(event.call.id, at)
    if (event.type !== 'function-call-completed' && event.type !== 'function-call-failed') continue
    const from = asked.get(event.call.id)
    if (from === undefined || index < before) continue
    const error = event.type === 'function-call-failed' ? { 'error.type': event.error.code } : {}
    const start = { ...toolSpan(event.call), kind: 'client', parent: request.traceparent ?? null } as const
    spans.push({ start: { ...start, attributes: { ...start.attributes, ...error } }, from, to: at })
  }
  return spans
}

/**
 * Follows https://github.com/open-telemetry/semantic-conventions-genai, without arguments and result, which are
 * contents.
 */
export function toolSpan({ name, id }: { readonly name: string; readonly id: string }): SpanStart {
  return {
    name: `execute_tool ${name}`,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': id,
      'gen_ai.tool.type': 'function',
    },
  }
}

/** The span of one attempt to tell an endpoint. Its URL may hold a secret. */
export function webhookSpan({ account, channel, webhook }: DeliveryKey): SpanStart {
  return {
    name: 'deliver_webhook',
    kind: 'client',
    parent: null,
    attributes: {
      'gen_ai.conversation.id': channel,
      'backchannel.account': account,
      'backchannel.webhook.id': webhook,
    },
  }
}
