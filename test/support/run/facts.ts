import type { Fact, ForcedPhase, IterationFinished, Recorded } from '../../../src/conversation/event.ts'
import type { CallError, FunctionCall, FunctionSpec } from '../../../src/conversation/function.ts'
import type { ConversationRequest } from '../../../src/conversation/request.ts'
import { noUsage } from '../../../src/conversation/usage.ts'

export const request: ConversationRequest = {
  model: 'demo',
  backstory: null,
  functions: [],
  timezone: 'UTC',
  references: {},
  datasets: [],
  attachments: [],
  limits: { iterations: 10, continuations: 3, calls: 10 },
  timeoutSeconds: null,
}

/** Facts a second apart, from 1000 ms on. */
export function recorded(...events: Fact[]): Recorded<Fact>[] {
  return events.map((event, index) => ({ at: (index + 1) * 1000, event }))
}

export const queued: Fact = { type: 'dispatch-queued', messages: [{ id: 'u1', type: 'user', text: 'Hello' }] }

export function started(attempt = 1): Fact {
  return { type: 'dispatch-started', attempt, model: 'demo' }
}

/** The unit of one model call that said `text`, and its start before it. */
export function iteration(number: number, text: string, finish: IterationFinished['finish'] = 'stop'): Fact[] {
  const usage = { ...noUsage, inputTokens: 10, outputTokens: 5, totalTokens: 15, iterations: 1 }
  const message = { id: `b${number}`, type: 'bot', text } as const
  return [
    { type: 'iteration-started', iteration: number },
    ...(text === '' ? [] : [{ type: 'message-completed', message } as const]),
    { type: 'iteration-finished', iteration: number, finish, usage },
  ]
}

export function call(id: string, over: Partial<FunctionCall> = {}): FunctionCall {
  return { id, name: 'f', arguments: {}, answer: 'static', deadline: null, ...over }
}

export function requested(of: FunctionCall, problem: CallError | null = null): Fact {
  return { type: 'function-call-requested', call: of, providerCallId: `p_${of.id}`, problem }
}

/** The unit of one model call that asked for these calls, and its start before it. */
export function asking(number: number, requests: readonly Fact[], forced?: ForcedPhase): Fact[] {
  const usage = { ...noUsage, iterations: 1, calls: requests.length }
  return [
    { type: 'iteration-started', iteration: number },
    ...requests,
    { type: 'iteration-finished', iteration: number, finish: 'stop', usage, ...(forced && { forced }) },
  ]
}

export function awaited(of: FunctionCall, deadline: number): Fact {
  return { type: 'function-result-awaited', call: { ...of, deadline }, resultChannelId: null }
}

export function answered(of: FunctionCall, data: unknown = 'ok'): Fact {
  return { type: 'function-call-completed', call: of, data }
}

export function failed(of: FunctionCall, code: CallError['code'], message = 'no'): Fact {
  return { type: 'function-call-failed', call: of, error: { code, message } }
}

export function functionSpec(name: string, over: Partial<FunctionSpec> = {}): FunctionSpec {
  return {
    name,
    description: `What ${name} does`,
    parameters: { type: 'object' },
    answer: { kind: 'static', data: 'ok' },
    start: false,
    end: false,
    timeoutSeconds: 60,
    ...over,
  }
}
