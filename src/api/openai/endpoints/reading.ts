import { seesAccount, visibleEntries } from '../../../access/permission.ts'
import type { ChannelPermission, Principal } from '../../../access/principal.ts'
import { readPages } from '../../../channel/read-pages.ts'
import { isEnded, type RunStatus } from '../../../conversation/run-status.ts'
import type { Run } from '../../../dispatch/run.ts'
import { Failure } from '../../../kernel/errors.ts'
import { openChannel } from '../../facade/caller.ts'
import type { Services } from '../../services.ts'
import { createResponseFold, type ResponseFold } from '../response/fold.ts'
import { spokenItem } from '../response/output-item.ts'
import { channelOfResponse } from '../response/response-id.ts'
import { endOf, type ResponseObject, type ResponseStatus, responseObjects } from '../response/response-object.ts'

/** The run that a response's id names. FORBIDDEN if the caller's token does not open it; NOT_FOUND. */
export async function findResponse(
  services: Services,
  principal: Principal,
  { id, permission }: { readonly id: string; readonly permission: ChannelPermission | 'read' },
): Promise<Run> {
  const channel = channelOfResponse(id)
  if (channel === null) throw noResponse()
  const key = await openChannel(principal, channel, { permission, services })
  const [run] = await services.runs.find([key])
  if (run == null) throw noResponse()
  return run
}

export function noResponse(): Failure {
  return new Failure('NOT_FOUND', 'There is no response by that id.', {
    issues: [{ path: ['response_id'], message: 'there is no response by that id' }],
  })
}

/** The fold of a run, for this reader. */
export function foldOf(run: Run, principal: Principal): ResponseFold {
  return createResponseFold(run.key.channel, responseObjects(run, seesAccount(principal)))
}

/** The response as it is now. */
export async function readResponse({ log }: Services, run: Run, principal: Principal): Promise<ResponseObject> {
  const fold = foldOf(run, principal)
  try {
    for await (const { entries } of readPages(log, run.key, null)) {
      for (const { event, at } of visibleEntries(principal, entries)) fold.accept(event, at)
    }
  } catch (error) {
    if (error instanceof Failure && error.code === 'CURSOR_EXPIRED') return ofRecord(run, principal)
    throw error
  }
  return fold.response()
}

const statuses: Readonly<Record<Exclude<RunStatus, 'completed'>, ResponseStatus>> = {
  queued: 'queued',
  running: 'in_progress',
  waiting: 'in_progress',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** The response as far as its control record knows it, which is kept longer than its log: with the text of its result alone. */
function ofRecord(run: Run, principal: Principal): ResponseObject {
  const { key, status, result, usage, error, finishedAt } = run
  const end = result === null ? 'completed' : endOf[result.finishReason]
  const text = result?.text ?? ''
  return responseObjects(
    run,
    seesAccount(principal),
  )({
    status: status === 'completed' ? end : statuses[status],
    output: text === '' ? [] : [spokenItem('bot', `msg_${key.channel}`, { text, status: 'completed' })],
    usage: isEnded(status) ? usage : null,
    error,
    incompleteBecause: status === 'completed' && end === 'incomplete' ? 'max_output_tokens' : null,
    finishedAt,
  })
}
