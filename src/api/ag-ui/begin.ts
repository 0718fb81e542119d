import type { Run } from '../../dispatch/run.ts'
import { Failure } from '../../kernel/errors.ts'
import { dispatchAs } from '../dispatch-permission.ts'
import { requireConversation } from '../facade/caller.ts'
import { dispatchOf, regenerationOf, type Said } from './input/dispatch-of.ts'
import type { Placed } from './input/news.ts'
import { inOwnWords } from './input/own-words.ts'
import { join } from './join.ts'
import { heldBy, idsOf, type OpenedRun, type RunRequest } from './request.ts'
import { followRun } from './stream/open-run.ts'
import { begunRun } from './thread.ts'

/** What begins a dispatch, and where its messages stand in the input. */
export interface SaidAt extends Said {
  readonly places: readonly Placed[]
}

/** Begins a dispatch. If the same run has begun one meanwhile, joins that. */
export async function begin(request: RunRequest, said: SaidAt): Promise<OpenedRun> {
  const { facade, principal, asked } = request
  requireConversation(principal, asked.conversation, 'dispatch')
  try {
    const run = await dispatched(request, said)
    const open = { facade, principal, ids: idsOf(request), run }
    return { reader: followRun(open, heldBy(request)), channel: run.key.channel }
  } catch (error) {
    const isTaken = error instanceof Failure && error.code === 'CONFLICT'
    const run = isTaken ? await begunRun(facade.services, { account: principal.account, ...asked }) : null
    if (run === null) throw inOwnWords(error, said.places)
    return join(request, run)
  }
}

async function dispatched({ facade: { services }, principal, asked }: RunRequest, said: SaidAt): Promise<Run> {
  try {
    return await dispatchAs(services, principal, dispatchOf(asked, said))
  } catch (error) {
    const messageId = said.user?.message.id
    // The conversation has the user's message already: the client asks for another answer to it.
    if (messageId === undefined || !isKnown(error, said.results.length)) throw error
    return dispatchAs(services, principal, regenerationOf(asked, messageId))
  }
}

/** Whether the dispatch was refused because the conversation has its message at this place. The form of the id was checked before. */
function isKnown(error: unknown, place: number): boolean {
  if (!(error instanceof Failure) || error.code !== 'BAD_USER_INPUT') return false
  return error.issues.some(({ path }) => path.join('.') === `input.messages.${place}.id`)
}
