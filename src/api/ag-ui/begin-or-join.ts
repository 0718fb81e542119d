import { callsLeft } from '../../dispatch/line/calls-left.ts'
import { currentRun, findLine } from '../../dispatch/line/read-conversation.ts'
import type { Run } from '../../dispatch/run.ts'
import { badInput } from '../../kernel/errors.ts'
import { type Answer, giveAnswers } from './answer.ts'
import { begin } from './begin.ts'
import { newsOf, type Placed } from './input/news.ts'
import { readToolResult, resultMessage, type ToolResult } from './input/tool-result.ts'
import { join, showThread } from './join.ts'
import { type OpenedRun, type RunRequest, threadOf } from './request.ts'
import { resume } from './resume.ts'
import { begunRun, runOfMessage, waitingCalls } from './thread.ts'

/**
 * Finds out what a run asks for. A run that has begun a dispatch, or brings nothing new, joins what is there; answers wake the
 * dispatch that waits for them; anything else begins a dispatch. So each request can be sent again.
 */
export async function beginOrJoin(request: RunRequest): Promise<OpenedRun> {
  const { facade, principal, asked } = request
  const { services } = facade
  const begun = await begunRun(services, { account: principal.account, ...asked })
  if (begun !== null) return join(request, begun)

  const { user, results } = newsOf(asked.input)
  if ((asked.input.resume ?? []).length > 0) {
    const resumed = await resume(request, user)
    if (resumed !== null) return join(request, resumed)
  }
  const line = await findLine(services, threadOf(request))
  const current = line === null ? null : await currentRun(services, line)
  const given = results.map((placed) => ({ placed, result: readToolResult(placed) }))
  const isAnswered = current !== null && (await answerWith(request, current, given))
  if (isAnswered && user === null) return join(request, current)
  if (line !== null) {
    for (const { message } of [...results, ...(user === null ? [] : [user])]) {
      const known = message.id === undefined ? null : await runOfMessage(services, line, message.id)
      if (known !== null) return join(request, known)
    }
  }
  if (user !== null && current !== null) await requireNoneAsked(request, current)
  const left = given.length === 0 || line === null ? new Map() : await callsLeft(services, threadOf(request))
  const taken = given.flatMap(({ placed, result }) => {
    const call = left.get(result.callId)
    return call === undefined ? [] : [{ placed, message: resultMessage(result, call) }]
  })
  if (user === null && taken.length === 0) return current === null ? showThread(request) : join(request, current)
  const places = [...taken.map(({ placed }) => placed), ...(user === null ? [] : [user])]
  return begin(request, { results: taken.map(({ message }) => message), user, places })
}

interface GivenResult {
  readonly placed: Placed
  readonly result: ToolResult
}

/** Gives the run the results that it waits for. False: it waits for none of them. */
async function answerWith({ facade, principal }: RunRequest, run: Run, given: readonly GivenResult[]) {
  if (given.length === 0) return false
  const { services } = facade
  const waiting = new Set((await waitingCalls(services, run)).map(({ id }) => id))
  const answers = given.flatMap(({ placed, result: { callId, outcome } }): readonly Answer[] =>
    waiting.has(callId) ? [{ callId, outcome, isGivenUp: false, path: ['messages', placed.index] }] : [],
  )
  if (answers.length > 0) await giveAnswers({ services, principal }, run.key, answers)
  return answers.length > 0
}

/** BAD_USER_INPUT if the run can only wait for answers: what the user says would wait behind them, perhaps for days. */
async function requireNoneAsked({ facade: { services } }: RunRequest, run: Run): Promise<void> {
  if (run.status !== 'waiting') return
  const open = await waitingCalls(services, run)
  if (open.length === 0) return
  const named = open.map(({ id }) => id).join(', ')
  throw badInput([{ path: ['resume'], message: `the thread waits for answers: answer or cancel ${named}` }])
}
