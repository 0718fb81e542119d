import { attachmentMessage, type FetchedAttachment } from '../conversation/attachment.ts'
import type { Fact } from '../conversation/event.ts'

/** What attachments are loaded with. */
export interface AttachmentWork {
  readonly messageId: () => string
  /** A failure to fetch is a result; rejects only soon after the signal is aborted. */
  readonly fetchAttachment: (url: string, signal: AbortSignal) => Promise<FetchedAttachment>
  readonly keepFile: (id: string, content: Uint8Array) => Promise<void>
}

/** Bytes that the files of one run may have together: they are kept beside its log. */
const mostFileBytes = 20_000_000

/**
 * Fetches a run's attachments side by side and tells the model of each, in the order of the dispatch. The result is one
 * unit, so that another attempt has all of them or fetches all of them again. Null when `signal` broke it off.
 */
export async function loadAttachments(
  work: AttachmentWork,
  urls: readonly string[],
  signal: AbortSignal,
): Promise<readonly Fact[] | null> {
  try {
    const fetched = await Promise.all(urls.map((url) => work.fetchAttachment(url, signal)))
    const facts = withinBounds(fetched).map((each, index) => factsOf(work, urls[index] ?? '', each))
    return (await Promise.all(facts)).flat()
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

async function factsOf(
  { messageId, keepFile }: AttachmentWork,
  url: string,
  fetched: FetchedAttachment,
): Promise<readonly Fact[]> {
  const id = messageId()
  const fileId = fetched.kind === 'file' ? id : null
  if (fetched.kind === 'file') await keepFile(id, fetched.content)
  const message = attachmentMessage(id, url, fetched, fileId)
  const failure: readonly Fact[] =
    fetched.kind === 'failed'
      ? [{ type: 'attachment-failed', url, error: { code: 'FAILED', message: fetched.message } }]
      : []
  return [...failure, { type: 'message-completed', message }]
}

/** Files beyond what a run may have count as failed fetches. */
function withinBounds(all: readonly FetchedAttachment[]): readonly FetchedAttachment[] {
  let total = 0
  return all.map((fetched) => {
    if (fetched.kind !== 'file') return fetched
    total += fetched.content.length
    if (total <= mostFileBytes) return fetched
    return { kind: 'failed', message: `The files of a run may have ${mostFileBytes / 1_000_000} MB in all.` }
  })
}
