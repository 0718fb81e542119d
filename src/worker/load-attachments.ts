import { attachmentMessage, type FetchedAttachment } from '../conversation/attachment.ts'
import type { Fact } from '../conversation/event.ts'

/** What attachments are loaded with. */
export interface AttachmentWork {
  readonly messageId: () => string
  /** A failure to fetch is a result; rejects only soon after the signal is aborted. */
  readonly fetchAttachment: (url: string, signal: AbortSignal) => Promise<FetchedAttachment>
  /** Resolves when there is room for one more attachment in memory, with the function that gives the room back. */
  readonly enter: (signal: AbortSignal) => Promise<() => void>
  readonly keepFile: (id: string, content: Uint8Array) => Promise<void>
}

/** How many attachments one process holds at once: each may have 8 MB. */
export const attachmentTurns = { places: 16, perAccount: 8, waiting: 10_000 } as const

/** The time for turning all pages among a run's attachments into text. */
export const attachmentPagesMs = 15_000

/** Bytes that the files of one run may have together: they are kept beside its log. */
const mostFileBytes = 20_000_000

/**
 * Fetches a run's attachments side by side and tells the model of each, in the order of the dispatch. The result is one
 * unit, so that another attempt has all of them or fetches all of them again. Null when `signal` broke it off. Each file
 * is kept, and its bytes are dropped, before another one of the account takes its room.
 */
export async function loadAttachments(
  work: AttachmentWork,
  urls: readonly string[],
  signal: AbortSignal,
): Promise<readonly Fact[] | null> {
  /** How many bytes the files up to this one have; places are given in the order of the dispatch, so none waits in vain. */
  let before = Promise.resolve(0)
  const load = async (url: string, bytesBefore: Promise<number>, tell: (bytes: number) => void) => {
    const leave = await work.enter(signal)
    try {
      const fetched = await work.fetchAttachment(url, signal)
      const total = (await bytesBefore) + (fetched.kind === 'file' ? fetched.content.length : 0)
      tell(total)
      return await factsOf(work, url, withinBounds(fetched, total))
    } finally {
      leave()
    }
  }
  try {
    const facts = urls.map((url) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>()
      const loaded = load(url, before, resolve)
      // Whoever waits for this one's bytes fails with it.
      loaded.catch(reject)
      promise.catch(() => {})
      before = promise
      return loaded
    })
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

/** A file beyond what a run may have counts as a failed fetch. @param total its bytes and those of the files before it. */
function withinBounds(fetched: FetchedAttachment, total: number): FetchedAttachment {
  if (fetched.kind !== 'file' || total <= mostFileBytes) return fetched
  return { kind: 'failed', message: `The files of a run may have ${mostFileBytes / 1_000_000} MB in all.` }
}
