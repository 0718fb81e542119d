import type { Step } from '../conversation/decide.ts'
import { providerOf } from '../conversation/earlier-turn.ts'
import type { DispatchError, Fact } from '../conversation/event.ts'
import type { State } from '../conversation/fold.ts'
import { toPrompt } from '../conversation/prompt/prompt.ts'
import type { FilePart, PromptMessage } from '../conversation/prompt/prompt-message.ts'
import type { CallReader } from '../conversation/read-call.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import { addUsage, noUsage, type Usage } from '../conversation/usage.ts'
import { type FaultPlace, type Model, ModelFault } from '../models/model.ts'
import { type Block, callModel, completeMessages, toUsage } from './call-model.ts'
import { discards } from './endings.ts'
import type { EventWriter } from './event-writer.ts'
import { createRetries, type RetryPolicy } from './retry.ts'

/** How models are called, the same for every run. */
export interface ModelCalling {
  readonly retryPolicy: RetryPolicy
  /** Rejects soon after `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** From 0 to 1. */
  readonly random: () => number
}

/** A try that failed, counted from 1 within its iteration. `waitMs`: until the next one; null: it was the last. */
export interface ModelFailure {
  readonly model: string
  readonly attempt: number
  readonly waitMs: number | null
  readonly place: FaultPlace
}

/** What a run's model calls are made with. */
export interface ModelWork {
  readonly request: Pick<ConversationRequest, 'backstory' | 'functions' | 'answerFormat' | 'price'>
  readonly model: Model
  readonly writer: EventWriter
  readonly turn: (costMs: number) => Promise<void> | undefined
  readonly calling: ModelCalling
  readonly readCalls: CallReader
  readonly messageId: () => string
  readonly callId: () => string
  /** Before each try but the first. */
  readonly again?: (signal: AbortSignal) => Promise<void>
  /** Told of each failed try. It must not throw. */
  readonly onFailure: (failure: ModelFailure) => void
  /** An attachment's content; null when the store no longer has it. */
  readonly file: (id: string) => Promise<Uint8Array | null>
}

export interface ModelCallBounds {
  readonly step: Step & { kind: 'call-model' }
  readonly signal: AbortSignal
  /** What earlier tries used that produced nothing. */
  readonly spent: Usage
}

/**
 * `unit`: the iteration's result. `error`: why the run cannot go on. Both are null when the call was interrupted; `said`
 * then makes messages of what the model had said by that time.
 */
export interface ModelCallOutcome {
  readonly unit: readonly Fact[] | null
  readonly error: DispatchError | null
  /** What tries without a result have used. Zero when there is a `unit`, which then includes it. */
  readonly spent: Usage
  readonly said: () => readonly Fact[]
}

/**
 * Makes one iteration's model call and retries it after transient faults. Each try has new message ids, and the partial
 * messages of a failed try are discarded. A provider's 429 slows only the runs that use it: each run waits by itself.
 */
export async function performModelCall(
  work: ModelWork,
  state: State,
  { step, signal, spent: spentBefore }: ModelCallBounds,
): Promise<ModelCallOutcome> {
  const { request, writer, model, calling } = work
  const { messages, turns, earlier } = state
  const words = toPrompt({ backstory: request.backstory, messages, turns, earlier, provider: providerOf(model.name) })
  const prompt = await withFiles(words, work)
  const retries = createRetries(calling.retryPolicy, calling.random)
  let spent = spentBefore
  for (let attempt = 1; ; attempt += 1) {
    let used = noUsage
    const blocks: Block[] = []
    const said = () => completeMessages(blocks, writer)
    try {
      const unit = await callModel({
        model,
        prompt,
        tools: request.functions.map(({ name, description, parameters }) => ({ name, description, parameters })),
        iteration: step.iteration,
        forced: step.forced,
        answerFormat: request.answerFormat ?? null,
        maxOutputTokens: step.budget?.maxOutputTokens ?? null,
        price: request.price,
        readCalls: work.readCalls,
        callsBefore: state.usage.calls,
        signal,
        writer,
        turn: work.turn,
        messageId: work.messageId,
        callId: work.callId,
        blocks,
        onUsage: (usage) => {
          used = toUsage(usage, request.price)
        },
      })
      return { unit: withSpent(unit, spent), error: null, spent: noUsage, said }
    } catch (error) {
      const isDiscarded = !signal.aborted
      spent = addUsage(spent, isDiscarded ? { ...used, discardedTokens: used.totalTokens } : used)
      // Whatever an aborted call throws: the loop's next round finds out why it was aborted.
      if (signal.aborted) return { unit: null, error: null, spent, said }
      if (!(error instanceof ModelFault)) throw error
      const delay = retries.delayAfter(error)
      work.onFailure({ model: model.name, attempt, waitMs: delay, place: error.place })
      if (delay === null) return { unit: null, error: errorOf(error), spent, said }
      if (writer.open.length > 0) writer.unit(discards(writer.open))
      await calling.sleep(delay, signal).catch(() => {})
      // A try that has used something of a budget: the loop's next round finds out whether there is enough for another.
      const isBudgeted = step.budget !== undefined && used.totalTokens > 0
      if (!signal.aborted && !isBudgeted) await work.again?.(signal)
      if (signal.aborted || isBudgeted) return { unit: null, error: null, spent, said: () => [] }
    }
  }
}

function withSpent(unit: readonly Fact[], spent: Usage): readonly Fact[] {
  return unit.map((fact) =>
    fact.type === 'iteration-finished' ? { ...fact, usage: addUsage(fact.usage, spent) } : fact,
  )
}

function errorOf({ kind, message }: ModelFault): DispatchError {
  return { code: kind === 'rejected' ? 'MODEL_REJECTED' : 'MODEL_UNAVAILABLE', message }
}

/** Adds the files that the model takes. The text beside each file names it, for models that do not take it. */
async function withFiles(
  prompt: readonly PromptMessage[],
  { model, file }: ModelWork,
): Promise<readonly PromptMessage[]> {
  return Promise.all(
    prompt.map(async (message) => {
      if (message.role !== 'user' || message.files === undefined) return message
      const files = await Promise.all(
        message.files.map(async (part): Promise<readonly FilePart[]> => {
          const content = model.takesFile?.(part.mediaType) ? await file(part.fileId) : null
          return content === null ? [] : [{ ...part, content }]
        }),
      )
      return { role: 'user', text: message.text, files: files.flat() }
    }),
  )
}
