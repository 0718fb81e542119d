import type { ConversationOf } from '../access/permission.ts'
import type { Principal } from '../access/principal.ts'
import { answeredCalls, dispatchOfToken } from '../access/token-dispatch.ts'
import { callsLeft } from '../dispatch/line/calls-left.ts'
import type { Run } from '../dispatch/run.ts'
import { Failure, forbidden, type InputIssue, ofFields } from '../kernel/errors.ts'
import type { Services } from './services.ts'

/** How the permission check finds out which conversation a channel belongs to. */
export function conversationOfChannel({ runs }: Pick<Services, 'runs'>): ConversationOf {
  return async (key) => {
    const [run] = await runs.find([key])
    return run?.turn?.conversation ?? null
  }
}

/**
 * The input of a dispatch as the caller may make it, before its form is checked: all that the holder of an API key gives; of the
 * holder of a conversation token what `dispatchOfToken` lets pass, and answers only to calls that were left to the caller.
 * FORBIDDEN names every field.
 */
export async function permittedDispatch(
  services: Pick<Services, 'members' | 'runs'>,
  { account, grant }: Principal,
  given: { readonly input: object; readonly path: readonly string[] },
): Promise<object> {
  const { input, path } = given
  if (grant?.kind !== 'conversation') return input
  const permitted = dispatchOfToken(grant, input, path)
  const answered = answeredCalls(input)
  if (answered.length === 0) return permitted
  const left = await callsLeft(services, { account, conversation: grant.conversationId })
  const wrong = answered.filter(({ callId }) => !left.has(callId))
  if (wrong.length === 0) return permitted
  const message = 'the conversation has left no such call to its caller'
  throw forbidden(wrong.map(({ index }) => ({ path: [...path, 'messages', index, 'meta', 'activity', 'id'], message })))
}

/** Dispatches what the caller asks for. FORBIDDEN for what is not the caller's to give; BAD_USER_INPUT. */
export async function dispatchAs(
  services: Pick<Services, 'members' | 'runs' | 'readDispatch' | 'dispatchConversation'>,
  principal: Principal,
  input: object,
): Promise<Run> {
  const read = await dispatchReadAs(services, principal, input)
  return read()
}

/** The same in two steps: the form of the input is checked at once, and the returned function dispatches it. */
export async function dispatchReadAs(
  services: Pick<Services, 'members' | 'runs' | 'readDispatch' | 'dispatchConversation'>,
  principal: Principal,
  input: object,
): Promise<() => Promise<Run>> {
  const { account } = principal
  const permitted = await permittedDispatch(services, principal, { input, path: [] })
  const read = await services.readDispatch(account, permitted, [])
  return () => dispatchFor(principal, input, () => services.dispatchConversation(account, read))
}

/** Does what dispatches for the caller. What is wrong with the account's own things, the holder of a token is told only as that. */
export async function dispatchFor<Result>(
  { grant }: Principal,
  input: object,
  work: () => Promise<Result>,
): Promise<Result> {
  if (grant === null) return work()
  return work().catch((error: unknown) => {
    throw error instanceof Failure ? withoutAccount(error, input) : error
  })
}

function withoutAccount(failure: Failure, input: object): Failure {
  const isGiven = ({ path }: InputIssue) => {
    const field = path[0] === 'input' ? path[1] : path[0]
    return Object.entries(input).some(([name, value]) => name === field && name !== 'botId' && value != null)
  }
  const { code, issues } = failure
  if (issues.every(isGiven)) return failure
  const about = { path: ['input', 'botId'], message: 'the bot of this token cannot answer as it is' }
  return ofFields(code, [...issues.filter(isGiven), about])
}
