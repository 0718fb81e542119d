import { setTimeout as sleep } from 'node:timers/promises'
import { judgeBudget } from '../judge-budget.ts'
import { isSame, judgeLine, type LinedDispatch, saidBy, show, takenBy } from '../judge-line.ts'
import type { Entry } from '../judge-log.ts'
import type { PlayedProvider } from '../played-provider.ts'
import type { StoredRuns } from '../stored-runs.ts'
import { judgeAsked } from './judge-asked.ts'
import { ordersOf } from './orders.ts'
import type { Utterance } from './say.ts'
import type { Talk } from './talk.ts'

export interface TalkScene {
  readonly stored: StoredRuns
  readonly provider: PlayedProvider
  /** The store has lost what it had. */
  readonly isLost: boolean
  readonly patienceMs: number
}

/** What is wrong with a conversation whose dispatches have ended, a line each. */
export async function judgeTalk(scene: TalkScene, { conversationId, utterances }: Talk): Promise<string[]> {
  const { stored, isLost } = scene
  const left = await placesLeft(scene, conversationId)
  const { members, kept } = await stored.conversation(conversationId)
  const found = await Promise.all(
    members.map(async ({ channelId, at }) => {
      const utterance = utterances.find((each) => each.channelId === channelId)
      return { channelId, at, utterance, log: (await stored.read(channelId)).log }
    }),
  )
  // A place that was given up has left no log.
  const lined = found.filter(({ log }) => log.length > 0)
  const judged = ordersOf(lined).map((order) => {
    const dispatches = order.map(({ channelId, utterance, log }): LinedDispatch => {
      const { whenBusy = 'enqueue', upTo = null, sentAt = 0, acceptedAt = null } = utterance ?? {}
      return { channelId, whenBusy, upTo, sentAt, acceptedAt, log }
    })
    return isLost ? judgeKept(kept, dispatches) : judgeLine({ dispatches, kept, patienceMs: 60_000 })
  })
  // Nobody can tell which of two came first that took their places in one ms.
  const ofLine = judged.toSorted((one, other) => one.length - other.length)[0] ?? []
  const wrong = [
    ...left,
    ...lined.flatMap(({ channelId, utterance }) => (utterance === undefined ? [`nobody has said ${channelId}`] : [])),
    ...lined.flatMap(({ utterance, log }) => (utterance === undefined ? [] : judgeUtterance(scene, utterance, log))),
    ...ofLine,
    ...(isLost ? [] : judgeHanded(utterances, lined)),
  ]
  return wrong.map((line) => `${conversationId}: ${line}`)
}

/** Whoever settles the last one may have died: the sweep does it then. */
async function placesLeft({ stored, patienceMs }: TalkScene, conversationId: string): Promise<string[]> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(200)) {
    const { places } = await stored.conversation(conversationId)
    if (places === 0) return []
    if (Date.now() > deadline) return [`${places} places, and nobody moves the line on`]
  }
}

function judgeUtterance({ provider, isLost }: TalkScene, utterance: Utterance, log: readonly Entry[]): string[] {
  const { channelId, limits, added, raised } = utterance
  const asked = provider.asked.filter((each) => each.channelId === channelId)
  const inLog = log.flatMap(({ kind, event }) => (kind === 'limits-raised' ? [event.limits?.['calls']] : []))
  const unheard = isLost ? [] : raised.filter((calls) => !inLog.includes(calls))
  return [
    ...judgeBudget(log, limits),
    // A worker learns that the store has gone back when it next appends.
    ...(isLost ? [] : judgeAsked({ log, asked, acknowledged: added })),
    ...unheard.map((calls) => `limits were raised to ${calls} calls, and the log has ${inLog}`),
  ].map((line) => `${channelId}: ${line}`)
}

/** What steers is in one log, once: in that of the run that it was handed to, or in its own. */
function judgeHanded(
  utterances: readonly Utterance[],
  lined: readonly { readonly channelId: string; readonly log: readonly Entry[] }[],
): string[] {
  return utterances.flatMap(({ messageId, acceptedAt, handedTo, channelId }) => {
    if (messageId === null) return []
    const places = lined.flatMap(({ channelId: of, log }) =>
      log.flatMap(({ kind, event: { messages = [] } }) =>
        kind === 'messages-added' || kind === 'dispatch-queued'
          ? messages.filter(({ id }) => id === messageId).map(() => of)
          : [],
      ),
    )
    const expected = acceptedAt === null ? [] : [handedTo ?? channelId]
    const isKnown = places.length <= 1 && (acceptedAt === null || places.join() === expected.join())
    return isKnown ? [] : [`${messageId} was told to be in ${expected}, and is in ${places}`]
  })
}

/** Of a conversation whose store has gone back: nothing is said in it twice, and the last word stands behind what it began with. */
function judgeKept(kept: ReturnType<typeof saidBy>, dispatches: readonly LinedDispatch[]): string[] {
  const ids = kept.map(({ id }) => id)
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
  const last = dispatches.at(-1)
  const isBehind = last === undefined || isSame(kept, [...takenBy(last), ...saidBy(last)])
  return [
    ...(twice.length > 0 ? [`the conversation keeps ${twice} twice`] : []),
    ...(isBehind ? [] : [`the last word began with ${show(takenBy(last))}, and the conversation keeps ${show(kept)}`]),
  ]
}
