import type { Principal } from '../../access/principal.ts'
import type { CallOutcome } from '../../conversation/fold.ts'
import type { SettleOutcome } from '../../dispatch/pending-call.ts'
import { type FailureCode, type InputIssue, ofFields } from '../../kernel/errors.ts'
import type { ChannelKey } from '../../kernel/ids.ts'
import { openChannel } from '../facade/caller.ts'
import type { Services } from '../services.ts'

/** An answer to a call that a run waits for. */
export interface Answer {
  readonly callId: string
  readonly outcome: CallOutcome
  /** The client gives the call up, so any answer that it has got will do. */
  readonly isGivenUp: boolean
  /** Where the input has it. */
  readonly path: InputIssue['path']
}

type Refusal = { readonly code: FailureCode; readonly message: string }

/** Null: the call has this answer. `given-up`: it needs none any more. */
const refusals: Readonly<Record<SettleOutcome, Refusal | 'given-up' | null>> = {
  settled: null,
  repeated: null,
  early: null,
  conflict: 'given-up',
  late: 'given-up',
  ended: 'given-up',
  unknown: { code: 'NOT_FOUND', message: 'the run has asked for no such answer' },
  'other-way': { code: 'CONFLICT', message: 'the answer must be published on its channel' },
  full: { code: 'LIMIT_EXCEEDED', message: "the run's log, or its account, has no room for the answer" },
}

/** What to do with a call that has got another answer, or none in time: clients can go on only if they give it up. */
const tooLate: Refusal = {
  code: 'CONFLICT',
  message: 'the call has another answer by now, or its time is over: give it up with the status `cancelled`',
}

/**
 * Gives the run its answers, each of which it takes once. Throws after all have been given, and names each that was not taken; the
 * others stay, so the same answers can be sent again.
 */
export async function giveAnswers(
  { services, principal }: { readonly services: Services; readonly principal: Principal },
  { account, channel }: ChannelKey,
  answers: readonly Answer[],
): Promise<void> {
  const key = await openChannel(principal, channel, { permission: 'answer', services })
  const refused: (Refusal & { readonly path: Answer['path'] })[] = []
  for (const { callId, outcome, isGivenUp, path } of answers) {
    const reply = await services.answers.submit({ ...key, account }, callId, outcome)
    const refusal = refusals[reply.outcome]
    if (refusal === null || (refusal === 'given-up' && isGivenUp)) continue
    refused.push({ ...(refusal === 'given-up' ? tooLate : refusal), path })
  }
  const [first] = refused
  if (first !== undefined) throw ofFields(first.code, refused)
}
