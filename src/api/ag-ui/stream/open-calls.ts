import type { FunctionCall } from '../../../conversation/function.ts'

interface OpenCall {
  readonly call: FunctionCall
  /** Set once its answer is awaited, and is to be submitted. */
  readonly isAsked: boolean
  readonly isAwaited: boolean
}

/** The calls of a run that have no answer yet. */
export interface OpenCalls {
  requested(call: FunctionCall, isRefused: boolean): void
  awaited(call: FunctionCall, isSubmitted: boolean): void
  answered(callId: string): void
  /** Those that must be answered before the run can go on, if it can only wait; else none. */
  asked(): readonly FunctionCall[]
  /** Those that the run leaves to its caller. */
  left(): readonly string[]
}

export function createOpenCalls(): OpenCalls {
  const calls = new Map<string, OpenCall>()
  const ofRun = () => [...calls.values()].filter(({ call }) => call.answer !== 'caller')
  return {
    requested(call, isRefused) {
      // One that is refused gets its failure from the run.
      const answer = isRefused ? 'static' : call.answer
      calls.set(call.id, { call: { ...call, answer }, isAsked: false, isAwaited: false })
    },
    awaited: (call, isAsked) => void calls.set(call.id, { call, isAsked, isAwaited: true }),
    answered: (callId) => void calls.delete(callId),
    asked() {
      const open = ofRun()
      return open.every(({ isAwaited }) => isAwaited)
        ? open.flatMap(({ call, isAsked }) => (isAsked ? [call] : []))
        : []
    },
    left: () => [...calls.values()].flatMap(({ call }) => (call.answer === 'caller' ? [call.id] : [])),
  }
}
