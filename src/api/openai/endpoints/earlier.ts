import type { Principal } from '../../../access/principal.ts'
import type { FunctionCall } from '../../../conversation/function.ts'
import { jsonValue } from '../../../conversation/input/function-input.ts'
import { callsLeft } from '../../../dispatch/line/calls-left.ts'
import type { SettleOutcome } from '../../../dispatch/pending-call.ts'
import type { Run } from '../../../dispatch/run.ts'
import { badInput, type FailureCode, ofFields } from '../../../kernel/errors.ts'
import { parseConversationId } from '../../../kernel/ids.ts'
import { openChannel, requireConversation } from '../../facade/caller.ts'
import type { Services } from '../../services.ts'
import type { CreateBody } from '../request/create-body.ts'
import { type AnswerItem, isAnswer } from '../request/input-item.ts'
import { answersOnly, outputValue } from '../request/messages.ts'
import { callOfApproval } from '../response/output-item.ts'
import { channelOfResponse } from '../response/response-id.ts'

/** What a request goes on from. */
export interface Earlier {
  /** Null: it names no previous response. */
  readonly previous: Run | null
  /** The functions that were called there, by the calls' ids. */
  readonly calls: ReadonlyMap<string, string>
  /** The ids of the calls that the previous response itself waits for, or has waited for; of abilities those that need approval. */
  readonly awaited: ReadonlySet<string>
}

/** FORBIDDEN where the caller's token does not open it; NOT_FOUND. Looks for calls only if the input has outputs. */
export async function findEarlier(services: Services, principal: Principal, body: CreateBody): Promise<Earlier> {
  const hasOutputs = Array.isArray(body.input) && body.input.some(isAnswer)
  const nothing = { previous: null, calls: new Map<string, string>(), awaited: new Set<string>() }
  if (body.previous_response_id !== null) {
    const previous = await findPrevious(services, principal, body.previous_response_id)
    const calls = hasOutputs ? await callsOf(services, previous) : []
    return {
      previous,
      calls: new Map(calls.map(({ id, name }) => [id, name])),
      awaited: new Set(calls.flatMap(({ id, answer }) => (answer === 'submit' || answer === 'ability' ? [id] : []))),
    }
  }
  const conversation = body.conversation === null ? null : parseConversationId(body.conversation)
  if (conversation === null || !hasOutputs) return nothing
  requireConversation(principal, conversation, 'dispatch')
  const left = await callsLeft(services, { account: principal.account, conversation })
  return { ...nothing, calls: new Map([...left].map(([id, { name }]) => [id, name])) }
}

async function findPrevious(services: Services, principal: Principal, id: string): Promise<Run> {
  const channel = channelOfResponse(id)
  if (channel === null) throw notThere()
  const key = await openChannel(principal, channel, { permission: 'read', services })
  const [run] = await services.runs.find([key])
  if (run == null) throw notThere()
  return run
}

function notThere() {
  return ofFields('NOT_FOUND', [{ path: ['previous_response_id'], message: 'there is no response by that id' }])
}

async function callsOf({ runs }: Services, { key }: Run): Promise<readonly FunctionCall[]> {
  const facts = await runs.facts(key)
  return facts.flatMap(({ event }) => (event.type === 'function-call-requested' ? [event.call] : []))
}

/** Why a call does not take its output; null: it has it. */
const refusals: Readonly<Record<SettleOutcome, readonly [FailureCode, string] | null>> = {
  settled: null,
  repeated: null,
  early: null,
  conflict: ['CONFLICT', 'the call already has another output'],
  unknown: ['NOT_FOUND', 'no call by that id waits for an output'],
  late: ['CONFLICT', "the call's time is over"],
  'other-way': ['CONFLICT', "the call's answer must be published on its channel"],
  full: ['LIMIT_EXCEEDED', 'the response, or its account, has no room for the output'],
  ended: ['CONFLICT', 'the response has ended'],
}

/**
 * Answers the calls that the previous response waits for, which then goes on: its run is the answer. Null where the outputs are for the
 * calls of a response that has ended with them. The same outputs again change nothing.
 */
export async function submitOutputs(
  services: Services,
  principal: Principal,
  { body: { input }, earlier: { previous, awaited } }: { readonly body: CreateBody; readonly earlier: Earlier },
): Promise<Run | null> {
  if (previous === null || !Array.isArray(input) || awaited.size === 0) return null
  const answers = answersOnly(input)
  const isAwaited = (item: AnswerItem) => awaited.has(callOf(item) ?? '')
  if (!input.some((item) => isAnswer(item) && isAwaited(item))) return null
  if (answers === null || !answers.every(isAwaited)) {
    const message = 'takes nothing but the outputs of calls that the previous response waits for'
    throw badInput([{ path: ['input'], message }])
  }
  const key = await openChannel(principal, previous.key.channel, { permission: 'answer', services })
  const values = answers.map((answer, index) => {
    const data = dataOf(answer)
    const { error } = jsonValue.safeParse(data)
    if (error !== undefined)
      throw badInput([{ path: ['input', index, 'output'], message: error.issues[0]?.message ?? 'is wrong' }])
    return { callId: callOf(answer) ?? '', data, path: ['input', index, idField(answer)] }
  })
  let run: Run | null = null
  for (const { callId, data, path } of values) {
    const reply = await services.answers.submit(key, callId, { kind: 'completed', data })
    const refusal = refusals[reply.outcome]
    if (refusal !== null) throw ofFields(refusal[0], [{ path, message: refusal[1] }])
    run = reply.run
  }
  return run ?? previous
}

/** The call that an item answers. Null: an approval has an id that none of ours is. An output is no verdict on an ability. */
function callOf(item: AnswerItem): string | null {
  return item.type === 'function_call_output' ? item.call_id : callOfApproval(item.approval_request_id)
}

function idField({ type }: AnswerItem): string {
  return type === 'function_call_output' ? 'call_id' : 'approval_request_id'
}

function dataOf(item: AnswerItem): unknown {
  if (item.type === 'function_call_output') return outputValue(item)
  const { approve, reason } = item
  return { approved: approve, ...(reason != null && { reason }) }
}
