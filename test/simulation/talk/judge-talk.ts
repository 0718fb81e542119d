import { conversationMessages } from '../../../src/dispatch/line/read-conversation.ts'
import type { Run } from '../../../src/dispatch/run.ts'
import { cut, isSame, judgeLine, type LinedDispatch, saidBy, show, takenBy } from '../../faults/judge-line.ts'
import type { Entry, JudgedMessage } from '../../faults/judge-log.ts'
import { type Api, latestLookMs } from '../fleet.ts'
import { step } from '../step.ts'
import { inProcess } from '../virtual-time.ts'
import type { World } from '../world.ts'
import type { Talk, Utterance } from './talk.ts'

/** An utterance that was accepted, and what there is of it. */
interface Spoken {
  readonly utterance: Utterance
  /** Null: it has been removed. */
  readonly run: Run | null
  readonly ticket: string | null
  readonly log: readonly Entry[]
}

/** What is wrong with the conversation when all has come to its end. */
export async function judgeTalk(world: World, talk: Talk): Promise<string[]> {
  const { store } = world
  const spoken = (await Promise.all(talk.utterances.map((each) => spokenOf(world, each)))).filter(
    (each) => each !== null,
  )
  const lined = spoken.filter(({ utterance }) => utterance.input?.conversationId != null)
  const wrong = [
    ...(await judgeTheLine(world, talk, lined)),
    ...judgeAsked(world, spoken),
    ...judgeContinued(world, spoken),
    ...(await judgeMembers(world, talk, lined)),
  ]
  const [line] = await store.lines.find([talk.key])
  for (const { last } of world.talkWatchers) {
    if (line != null && (last?.updatedAt !== line.updatedAt || last.places.length > 0)) {
      wrong.push(
        `a watcher of the conversation was last told of ${JSON.stringify(last)}, it changed at ${line.updatedAt}`,
      )
    }
  }
  return [...wrong, ...(await judgeRemoval(world, talk))]
}

async function spokenOf({ store, witness }: World, utterance: Utterance): Promise<Spoken | null> {
  const { key } = utterance
  const [run = null] = await store.runs.find([key])
  if (run !== null) return { utterance, run, ticket: run.turn?.ticket ?? null, log: await store.entries(key) }
  const removed = witness.removed.get(key.channel)
  return removed === undefined ? null : { utterance, run, ...removed }
}

async function judgeTheLine(
  { store, witness, losses }: World,
  { key }: Talk,
  spoken: readonly Spoken[],
): Promise<string[]> {
  const [line = null] = await store.lines.find([key])
  const kept = line === null ? [] : await conversationMessages(store, line)
  const placed = spoken.map((each) => {
    // That it was accepted may have been said of an earlier one.
    const isAnother = each.run !== null && witness.isAnother(each.run)
    const acceptedAt = isAnother ? null : each.utterance.acceptedAt
    return { ...each, acceptedAt, at: witness.joinedAt(each.ticket ?? '') }
  })
  const dispatches = placed
    .toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))
    .map(({ utterance: { key: of, input, sentAt }, acceptedAt, log }): LinedDispatch => {
      const { whenBusy, continuesUpTo } = input ?? {}
      return {
        channelId: of.channel,
        whenBusy: whenBusy ?? 'enqueue',
        upTo: continuesUpTo ?? null,
        log,
        sentAt,
        acceptedAt,
      }
    })
  const left = (line?.places ?? []).map(({ channel }) => `${channel} is in the line, and nobody moves it on`)
  // Whoever acts on what the store has lost since may disturb the order.
  if (losses() > 0) return [...left, ...judgeKept(kept.map(asStored), dispatches)]
  return [
    ...placed.flatMap(({ at, utterance }) => (at === null ? [`${utterance.key.channel} has had no place`] : [])),
    ...left,
    ...judgeLine({ dispatches, kept: kept.map(asStored), patienceMs: latestLookMs + 60_000 }),
  ]
}

/**
 * What is promised of a conversation whose store has gone back, too, when it has come to rest: nothing is said in it twice, and the last
 * word stands behind what it began with. It may keep words that a dispatch had said before its ending was lost, and says otherwise now.
 */
function judgeKept(kept: readonly JudgedMessage[], dispatches: readonly LinedDispatch[]): string[] {
  const wrong: string[] = []
  const twice = kept.map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index)
  if (twice.length > 0) wrong.push(`the conversation keeps ${twice} twice`)
  const last = dispatches.at(-1)
  if (last !== undefined && !isSame(kept, [...takenBy(last), ...saidBy(last)])) {
    wrong.push(`the last word began with ${show(takenBy(last))}, and the conversation keeps ${show(kept)}`)
  }
  return wrong
}

/** Whatever a worker asked a model with is what its dispatch had begun with. */
function judgeAsked({ asked, losses, witness }: World, spoken: readonly Spoken[]): string[] {
  if (losses() > 0) return []
  return spoken.flatMap(({ utterance, run, log }) => {
    if (run !== null && witness.isAnother(run)) return []
    const { channel } = utterance.key
    const queued = log.find(({ kind }) => kind === 'dispatch-queued')?.event.messages ?? []
    const expected = textsOf([...takenBy({ log }), ...queued])
    const other = asked.find((each) => each.channel === channel && each.texts.join('|') !== expected.join('|'))
    return other === undefined ? [] : [`${channel}'s model was asked with ${other.texts}; its log has ${expected}`]
  })
}

/** A dispatch that continues another one begins with what that one ended with, or with the first of it. */
function judgeContinued({ witness, losses }: World, spoken: readonly Spoken[]): string[] {
  if (losses() > 0) return []
  return spoken.flatMap(({ utterance: { key, input }, log }) => {
    if (input?.continues == null) return []
    const earlier = spoken.find(({ utterance }) => utterance.key.channel === input.continues)
    // Its own log may be gone, and the conversation's whole past with it.
    if (earlier === undefined || (earlier.run !== null && witness.isAnother(earlier.run))) return []
    const isOwn = ({ id }: JudgedMessage) => input.messages.some((message) => message.id === id)
    const queued = log.find(({ kind }) => kind === 'dispatch-queued')?.event.messages ?? []
    const whole = [...takenBy(earlier), ...saidBy(earlier)]
    const expected = input.continuesUpTo === null ? whole : (cut(whole, input.continuesUpTo) ?? [])
    const began = queued.filter((message) => !isOwn(message))
    return isSame(began, expected) ? [] : [`${key.channel} goes on from ${show(began)}, not from ${show(expected)}`]
  })
}

/** A list may name some that are gone. */
async function judgeMembers({ store, losses }: World, { key }: Talk, spoken: readonly Spoken[]): Promise<string[]> {
  if (losses() > 0) return []
  const listed = (await store.members.page(key, null, 100)).map(({ channel }) => channel)
  const missing = spoken.filter(({ run, utterance }) => run !== null && !listed.includes(utterance.key.channel))
  return missing.map(({ utterance }) => `the conversation does not list ${utterance.key.channel}`)
}

/** When all of it is removed, the store is as it was before. */
async function judgeRemoval(world: World, talk: Talk): Promise<string[]> {
  const { store } = world
  const removal = await finish(world, (api) => api.removals.conversation(talk.key))
  const wrong = removal === 'not-ended' ? ['the conversation has ended, and cannot be removed'] : []
  for (const { key } of talk.utterances) await finish(world, (api) => api.removals.dispatch(key))
  await sweepAway(world)
  // A list that was begun before a loss, by somebody who has gone on after it, expires.
  if (world.losses() > 0) return wrong
  // So does what somebody has written late who died before taking it back.
  const isLate = (left: string) =>
    world.witness.late().some((origin) => new RegExp(`/${origin}[}"]|"origin":"${origin}"`).test(left))
  return [
    ...wrong,
    ...(await store.everything())
      // What an account has used today, or lately, stays: it was used.
      .filter(
        (each) => !isListener(each) && !isLate(each) && !/^(usedToday|bc:used-today|recent|bc:recent)\b/.test(each),
      )
      .map((left) => `all was removed, and there is ${left}`),
  ]
}

/** Whoever meant a run that is removed at that moment may bring its look forward: the sweep drops the entry when that is due. */
async function sweepAway(world: World): Promise<void> {
  const { store, time } = world
  const until = time.now() + 30_000
  while (time.now() < until && (await store.due.due(Number.MAX_SAFE_INTEGER, 1)).length > 0) {
    await store.settled()
    if (!(await step(world, false))) time.fireNext()
  }
}

/** Lets it happen, and everything else meanwhile. */
async function finish<Result>(world: World, act: (api: Api) => Promise<Result>): Promise<Result> {
  const { fleet, random, store, time } = world
  const api = random.pick(fleet.apis)
  const turn = { isOver: false }
  const over = () => {
    turn.isOver = true
  }
  const result = inProcess.run(api.process, () => act(api).finally(over))
  while (!turn.isOver) {
    await store.settled()
    if (!turn.isOver && !(await step(world, false))) time.fireNext()
  }
  return result
}

const textsOf = (messages: readonly JudgedMessage[]) =>
  messages.flatMap(({ type, text }) => (type === 'user' || type === 'bot' ? [text] : []))

const asStored = ({ isComplete: _isComplete, ...message }: JudgedMessage & { readonly isComplete: boolean }) => message

/** Who is told of endings is there from the beginning. */
const isListener = (kept: string) => /^webhook: |^bc:due-webhooks$|:hooks?$|webhook_Simulated/.test(kept)
