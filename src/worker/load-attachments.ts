import { attachmentMessage, type FetchedAttachment } from '../conversation/attachment.ts'
import type { Step } from '../conversation/decide.ts'
import type { Fact } from '../conversation/event.ts'
import { boundWork } from './bound-work.ts'
import type { ConversationRun } from './run-conversation.ts'

/** Megabytes that files of one run may have together: they are kept beside its log. */
const mostFileBytes = 20_000_000

/**
 * Fetches a run's attachments, side by side, and tells the model of each in the order of the dispatch; one unit, so that
 * another attempt has all of them or fetches all of them again. Null when it was broken off.
 */
export async function loadAttachments(
  run: ConversationRun,
  { urls }: Step & { kind: 'load-attachments' },
  remainingMs: number | null,
): Promise<readonly Fact[] | null> {
  const bounds = boundWork(run, remainingMs)
  try {
    const fetched = await Promise.all(urls.map((url) => run.fetchAttachment(url, bounds.signal)))
    return (await Promise.all(withinBounds(fetched).map((each, index) => factsOf(run, urls[index] ?? '', each)))).flat()
  } catch (error) {
    if (bounds.signal.aborted) return null
    throw error
  } finally {
    bounds.release()
  }
}

async function factsOf(run: ConversationRun, url: string, fetched: FetchedAttachment): Promise<readonly Fact[]> {
  const messageId = run.messageId()
  const fileId = fetched.kind === 'file' ? messageId : null
  if (fetched.kind === 'file') await run.keepFile(messageId, fetched.content)
  const message = attachmentMessage(messageId, url, fetched, fileId)
  const failure: readonly Fact[] =
    fetched.kind === 'failed'
      ? [{ type: 'attachment-failed', url, error: { code: 'FAILED', message: fetched.message } }]
      : []
  return [...failure, { type: 'message-completed', message }]
}

/** Files beyond what a run may have are treated as those that could not be had. */
function withinBounds(all: readonly FetchedAttachment[]): readonly FetchedAttachment[] {
  let total = 0
  return all.map((fetched) => {
    if (fetched.kind !== 'file') return fetched
    total += fetched.content.length
    if (total <= mostFileBytes) return fetched
    return { kind: 'failed', message: `The files of a run may have ${mostFileBytes / 1_000_000} MB in all.` }
  })
}
