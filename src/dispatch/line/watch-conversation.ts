import { abortableIterator } from '../../channel/abortable-iterator.ts'
import { createWakeUp, type WakeUp } from '../../channel/wake-up.ts'
import type { ChannelKey, ConversationKey } from '../../kernel/ids.ts'
import { unlessAborted } from '../../kernel/unless-aborted.ts'
import { joinView, type LiveView, type WatchDeps } from '../live-view.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Line, LineNews, Lines } from './line.ts'

export interface ConversationWatchDeps extends WatchDeps {
  readonly following: WatchDeps['following'] & { readonly lines: Pick<Lines, 'find'> & LineNews }
}

/** A conversation at one moment. */
export interface WatchedConversation {
  readonly line: Line
  /** As `currentRun` has it, as its log tells it. */
  readonly current: Snapshot | null
}

/** A change of the line that nobody has told of is found after this time. */
const lookAgainMs = 5000
/** A dispatch that says a word each moment is not looked at for each of them. */
const pauseMs = 50

/**
 * Yields a conversation at once, if it is there, and again when its line has changed, or the status of the dispatch whose turn it is.
 * A slow reader gets the newest state. All who watch the same dispatch share its view.
 */
export function watchConversation(
  deps: ConversationWatchDeps,
  key: ConversationKey,
): AsyncIterableIterator<WatchedConversation> {
  return abortableIterator((signal) => watch(deps, key, signal))
}

async function* watch(
  deps: ConversationWatchDeps,
  key: ConversationKey,
  signal: AbortSignal,
): AsyncGenerator<WatchedConversation, void> {
  const { lines } = deps.following
  const wakeUp = createWakeUp()
  let news = { ofLine: true, count: 0 }
  const hear = (ofLine: boolean) => {
    news = { ofLine: news.ofLine || ofLine, count: news.count + 1 }
    wakeUp.wake()
  }
  /** @param count how much there was when the waiter last looked */
  const untilNewsAfter = async (count: number) => {
    if (news.count !== count) return
    const timer = setTimeout(() => hear(true), lookAgainMs)
    await wakeUp.next(signal)
    clearTimeout(timer)
  }
  const unwatch = await lines.watch(key, () => hear(true))
  const seen: Seen = { line: null, first: null }
  let shown = ''
  try {
    while (!signal.aborted) {
      const { count, ofLine } = news
      news = { ofLine: false, count }
      if (ofLine) {
        const [found = null] = await unlessAborted(lines.find([key]), signal)
        seen.line = found
        const channel = found?.places[0]?.channel ?? null
        if ((seen.first?.channel.channel ?? null) !== channel) {
          await seen.first?.leave()
          seen.first = channel === null ? null : watchFirst(deps, { ...key, channel }, () => hear(false))
        }
      }
      const { line } = seen
      const current = (await seen.first?.snapshot(() => untilNewsAfter(count))) ?? null
      const state =
        line === null ? '' : [line.updatedAt, line.places.length, current?.key.channel, current?.status].join(' ')
      if (line !== null && state !== shown) {
        shown = state
        yield { line, current }
      }
      await pause(news.count === count ? wakeUp : null, () => hear(true), signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    unwatch()
    await seen.first?.leave()
  }
}

interface Seen {
  line: Line | null
  first: FirstPlace | null
}

/** The dispatch that stands first in the line. */
interface FirstPlace {
  readonly channel: ChannelKey
  /** Null: it does not exist yet, has ended, or cannot be read. @param untilNews what it waits for while it is being read */
  snapshot(untilNews: () => Promise<void>): Promise<Snapshot | null>
  leave(): Promise<void>
}

function watchFirst(deps: ConversationWatchDeps, channel: ChannelKey, hear: () => void): FirstPlace {
  const joined = joinView(deps, channel)
  let view: LiveView | null = null
  let [isRead, hasLeft] = [false, false]
  let stopListening = () => {}
  const opened = (read: LiveView | null) => {
    isRead = true
    view = read
    if (!hasLeft) stopListening = read?.onNews(hear) ?? stopListening
    hear()
  }
  // The line says what comes next.
  joined.view.then(opened, () => opened(null))
  return {
    channel,
    async snapshot(untilNews) {
      // Whoever begins to watch sees at once what is there. What is removed just now is never read: then the line has news.
      const [run] = isRead ? [null] : await deps.following.runs.find([channel])
      if (run != null && !isRead) await untilNews()
      const snapshot = view?.snapshot() ?? null
      return snapshot === null || snapshot.finishedAt !== null ? null : snapshot
    },
    async leave() {
      hasLeft = true
      stopListening()
      await joined.leave()
    },
  }
}

/** Until there is news. @param wakeUp null: there is some already */
async function pause(wakeUp: WakeUp | null, lookAgain: () => void, signal: AbortSignal): Promise<void> {
  const timer = setTimeout(lookAgain, lookAgainMs)
  await wakeUp?.next(signal)
  clearTimeout(timer)
  const rest = createWakeUp()
  const restTimer = setTimeout(rest.wake, pauseMs)
  await rest.next(signal)
  clearTimeout(restTimer)
}
