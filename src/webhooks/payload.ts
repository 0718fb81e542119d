import type { DispatchError, DispatchResult } from '../conversation/event.ts'
import type { FunctionCall } from '../conversation/function.ts'
import { cutText } from '../kernel/cut-text.ts'
import { stringifyJson } from '../kernel/json.ts'
import type { DeliveryKey, Notice } from './delivery.ts'
import { webhookBounds } from './webhook.ts'

/** What a record says of how its run ended. */
export interface Outcome {
  readonly result: DispatchResult | null
  readonly error: DispatchError | null
}

/** The body of a delivery, as JSON: the same at each attempt. @param record of the dispatch, where the notice keeps it apart; null: it is gone */
export function deliveryBody(
  { channel }: Pick<DeliveryKey, 'channel'>,
  notice: Notice,
  record: Outcome | null,
): string {
  const { event, at, conversationId, meta, usage, reachedLimit, isApart } = notice
  const { result, error } = isApart ? (record ?? { result: null, error: null }) : notice
  const isCut = (result?.text.length ?? 0) > webhookBounds.text || (isApart && record === null) || notice.isCut
  return stringifyJson({
    type: `dispatch.${event}`,
    timestamp: new Date(at).toISOString(),
    data: {
      channelId: channel,
      conversationId,
      meta,
      status: event.toUpperCase(),
      result: result === null ? null : toldResult(result),
      error: error === null ? null : { code: error.code, message: cutText(error.message, webhookBounds.text) },
      usage,
      pendingCalls: notice.pendingCalls.map(({ call }) => toldCall(call)),
      reachedLimit: reachedLimit === null ? null : { ...reachedLimit, kind: reachedLimit.kind.toUpperCase() },
      isCut,
    },
  })
}

function toldResult({ text, finishReason }: DispatchResult) {
  return { text: cutText(text, webhookBounds.text), finishReason: finishReason.toUpperCase() }
}

function toldCall({ id, name, arguments: given, deadline }: FunctionCall) {
  return { id, name, arguments: given, deadline: deadline === null ? null : new Date(deadline).toISOString() }
}
