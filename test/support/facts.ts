import type { Fact, IterationFinished, Recorded } from '../../src/conversation/event.ts'
import type { ConversationRequest } from '../../src/conversation/request.ts'
import { noUsage } from '../../src/conversation/usage.ts'

export const request: ConversationRequest = {
  model: 'demo',
  backstory: null,
  limits: { iterations: 10, continuations: 3 },
  timeoutSeconds: null,
}

/** Facts a second apart, from 1000 ms on. */
export function record(...events: Fact[]): Recorded<Fact>[] {
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
