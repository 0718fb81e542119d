import type { LogEntry } from '../../channel/channel.ts'
import { resultOf } from '../../conversation/activity.ts'
import type { CallOutcome } from '../../conversation/fold.ts'
import type { FunctionCall } from '../../conversation/function.ts'
import { functionBounds, jsonValue } from '../../conversation/input/function-input.ts'
import { isEnded } from '../../conversation/run-status.ts'
import type { SettleOutcome } from '../../dispatch/pending-call.ts'
import { badInput, Failure } from '../../kernel/errors.ts'
import type { ChannelKey } from '../../kernel/ids.ts'
import { isRecord } from '../../kernel/json.ts'
import { openChannel } from '../facade/caller.ts'
import type { Services } from '../services.ts'
import { type Answer, answeredBy } from './answer.ts'
import type { UiMessage } from './chat-body.ts'
import { dispatchIn, type Saying } from './say.ts'

/** What the client's message has of calls: all that it shows, and the results that it gives. */
export interface Given {
  readonly shown: ReadonlySet<string>
  readonly results: ReadonlyMap<string, CallOutcome>
}

/** Where the stream goes on for a client that has given results. */
export interface GoingOn {
  readonly key: ChannelKey
  /** It has all up to this entry. 0: nothing of this channel. */
  readonly after: number
}

/** What the newest message, one of the assistant, says of calls. BAD_USER_INPUT if it has no results. */
export function givenResults({ parts }: UiMessage): Given {
  const shown = new Set<string>()
  const results = new Map<string, CallOutcome>()
  for (const [index, part] of parts.entries()) {
    const { toolCallId } = part
    if (typeof toolCallId !== 'string') continue
    shown.add(toolCallId)
    const outcome = outcomeOf(part, ['messages', 'parts', index])
    if (outcome !== null) results.set(toolCallId, outcome)
  }
  if (results.size > 0) return { shown, results }
  throw badInput([
    { path: ['messages'], message: 'ends with a message of the user, or with one whose tools it answers' },
  ])
}

/**
 * Answers the calls that wait for one, or goes on where calls were left to the client. A result that comes too late, or second, changes
 * nothing: the stream tells the one that counts.
 */
export async function giveResults(
  services: Services,
  saying: Saying,
  { answer, given }: { readonly answer: Answer; readonly given: Given },
): Promise<GoingOn> {
  const { shown, results } = given
  const run = answer.runs.at(-1) ?? answer.runs[0]
  const facts = await services.runs.facts(run.key)
  const [first] = facts
  if (first !== undefined && [...answeredBy(first.event)].some((id) => results.has(id)))
    return { key: run.key, after: 0 }
  const calls = [...callsOf(facts).values()]
  const left = calls.flatMap(({ call }) => {
    const outcome = call.answer === 'caller' ? results.get(call.id) : undefined
    return outcome === undefined ? [] : response(call, outcome)
  })
  if (left.length > 0 && isEnded(run.status)) {
    const { key } = await dispatchIn(services, saying, { messages: left })
    return { key, after: 0 }
  }
  const known = calls.filter(({ call, askedAt }) => askedAt > 0 && shown.has(call.id))
  if (known.length === 0) throw new Failure('CONFLICT', 'None of these results answers a call of the newest answer.')
  for (const { call, isAnswered } of known) {
    const outcome = isAnswered ? undefined : results.get(call.id)
    if (outcome === undefined) continue
    await openChannel(saying.principal, run.key.channel, { permission: 'answer', services })
    const refusal = refusals[(await services.answers.submit(run.key, call.id, outcome)).outcome]
    if (refusal !== null) throw new Failure(...refusal)
  }
  return { key: run.key, after: Math.max(...known.map(({ askedAt }) => askedAt)) }
}

interface KnownCall {
  readonly call: FunctionCall
  /** The entry from which on the client was to answer; 0: it never was. */
  readonly askedAt: number
  readonly isAnswered: boolean
}

function callsOf(facts: readonly LogEntry[]): ReadonlyMap<string, KnownCall> {
  const calls = new Map<string, KnownCall>()
  for (const { event, offset } of facts) {
    if (event.type === 'function-call-requested' && event.problem === null) {
      const known = calls.get(event.call.id)
      // One that is known has been approved.
      calls.set(event.call.id, { call: event.call, askedAt: known?.askedAt ?? 0, isAnswered: known !== undefined })
    }
    if (event.type === 'function-result-awaited' && event.resultChannelId === null) {
      calls.set(event.call.id, { call: event.call, askedAt: offset, isAnswered: false })
    }
    if (event.type === 'function-call-completed' || event.type === 'function-call-failed') {
      const known = calls.get(event.call.id)
      if (known !== undefined) calls.set(event.call.id, { ...known, isAnswered: true })
    }
  }
  return calls
}

function outcomeOf(part: UiMessage['parts'][number], path: readonly (string | number)[]): CallOutcome | null {
  const { type, state, output = null, errorText } = part
  if (state === 'approval-responded') return verdictOf(part)
  if (!(type === 'dynamic-tool' || type.startsWith('tool-')) || part['providerExecuted'] === true) return null
  if (state === 'output-available') {
    const wrong = jsonValue.safeParse(output).error?.issues[0]
    if (wrong === undefined) return { kind: 'completed', data: output }
    throw badInput([{ path: [...path, 'output'], message: wrong.message }])
  }
  if (state !== 'output-error') return null
  const message = typeof errorText === 'string' && errorText !== '' ? errorText : 'The tool failed.'
  return { kind: 'failed', error: { code: 'FAILED', message: message.slice(0, functionBounds.description) } }
}

/** What the person has clicked. An approval has the id of its call, so whose it is need not be asked. */
function verdictOf({ approval }: UiMessage['parts'][number]): CallOutcome | null {
  if (!isRecord(approval) || typeof approval['approved'] !== 'boolean') return null
  const { approved, reason } = approval
  return { kind: 'completed', data: { approved, ...(typeof reason === 'string' && { reason }) } }
}

function response({ id, name, arguments: given }: FunctionCall, outcome: CallOutcome) {
  const result = resultOf(outcome)
  return {
    type: 'activity',
    text: '',
    meta: { activity: { type: 'response', id, function: { name, arguments: given, result } } },
  }
}

/** Why a result is not taken; null: it is, or the stream tells what became of its call instead. */
const refusals: Record<SettleOutcome, readonly ['CONFLICT' | 'LIMIT_EXCEEDED', string] | null> = {
  settled: null,
  repeated: null,
  early: null,
  conflict: null,
  unknown: null,
  late: null,
  ended: null,
  'other-way': ['CONFLICT', "The call's result must be published on its channel."],
  full: ['LIMIT_EXCEEDED', "The run's log, or its account, has no room for the result."],
}
