import { parseAddedMessages } from '../../conversation/input/message-input.ts'
import { isEnded } from '../../conversation/run-status.ts'
import type { Run } from '../../dispatch/run.ts'
import { badInput, ofFields } from '../../kernel/errors.ts'
import { permittedDispatch } from '../dispatch-permission.ts'
import { requireConversation } from '../facade/caller.ts'
import { giveAnswers } from './answer.ts'
import { userMessage } from './input/dispatch-of.ts'
import type { Placed } from './input/news.ts'
import { inOwnWords } from './input/own-words.ts'
import { readResumed } from './input/tool-result.ts'
import { type RunRequest, threadOf } from './request.ts'
import { runOfCall } from './thread.ts'

/**
 * Answers interrupts, all of which belong to one dispatch. What the user says besides is handed to it first, so that its next model
 * call has both. Null: it had ended before, and the user's message is still to be answered.
 */
export async function resume(request: RunRequest, user: Placed | null): Promise<Run | null> {
  const { facade, principal, asked } = request
  const { services } = facade
  const entries = asked.input.resume ?? []
  const answers = entries.map((entry, index) => ({
    callId: entry.interruptId,
    outcome: readResumed(entry, index),
    isGivenUp: entry.status === 'cancelled',
    path: ['resume', index, 'interruptId'],
  }))
  const [first] = answers
  const run = first === undefined ? null : await runOfCall(services, threadOf(request), first.callId)
  if (run === null) {
    throw ofFields('NOT_FOUND', [{ path: ['resume', 0, 'interruptId'], message: 'the thread has no such interrupt' }])
  }
  const isOver = isEnded(run.status)
  if (user !== null && !isOver) await steer(request, run, user)
  await giveAnswers({ services, principal }, run.key, answers)
  if (isOver && user !== null) return null
  const [now] = await services.runs.find([run.key])
  return now ?? run
}

async function steer({ facade: { services }, principal, asked }: RunRequest, run: Run, user: Placed): Promise<void> {
  requireConversation(principal, asked.conversation, 'dispatch')
  const { message, urls } = userMessage(user)
  if (urls.length > 0) {
    const path = ['messages', user.index, 'content']
    throw badInput([{ path, message: 'takes no files while a run waits for answers' }])
  }
  try {
    await permittedDispatch(services, principal, { input: { messages: [message] }, path: [] })
    await services.addMessages(run.key, parseAddedMessages([message], []))
  } catch (error) {
    throw inOwnWords(error, [user])
  }
}
