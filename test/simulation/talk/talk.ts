import { type DispatchInput, parseDispatchInput } from '../../../src/conversation/input/dispatch-input.ts'
import {
  type ChannelId,
  type ChannelKey,
  type ConversationId,
  type ConversationKey,
  localAccount,
} from '../../../src/kernel/ids.ts'
import type { Random } from '../../faults/random.ts'
import type { SimulatedProcess } from '../virtual-time.ts'

/** A dispatch of a conversation, as its client knows it. Times are the store's, in ms. */
export interface Utterance {
  readonly key: ChannelKey
  /** The same whenever it is sent. Null: nobody has sent it yet. */
  input: DispatchInput | null
  sentAt: number
  /** When its client was first told that it is accepted; null: never, or it was lost with the store. */
  acceptedAt: number | null
  /** Its client was told that it never will be. */
  isRefused: boolean
  /** Whether its client wants it removed, or knows that it is. */
  removal: 'unasked' | 'asked' | 'removed'
  /** It was to be removed before the store went back: the conversation may still have its words, without its record. */
  mayHaveSpoken: boolean
  /** Those that have been asked to accept it, and have not answered. */
  readonly asked: Set<SimulatedProcess>
}

/** A conversation, and what clients say in it: dispatches that come to be as the simulation goes on. */
export interface Talk {
  readonly key: ConversationKey
  readonly utterances: readonly Utterance[]
  find(key: ChannelKey): Utterance | null
  /** What is sent for a channel; null: its client sends nothing more. */
  inputOf(key: ChannelKey): DispatchInput | null
  accepted(key: ChannelKey): void
  /** Its client wants all of it removed. Returns what it does when it is told whether that is so. */
  remove(): (isRemoved: boolean) => void
  /** Some of what was accepted may be gone. */
  mayBeRemoved(): boolean
  /** What is wrong with it; null: nothing. */
  refused(key: ChannelKey, code: string): string | null
  /** Somebody has seen a message by this id. */
  heard(messageId: string): void
  /** Nothing comes of it, or nothing more. */
  isMoot(key: ChannelKey): boolean
  /** The last word, when all is quiet: it takes no place behind others, and must be accepted. Returns its channel, if it is to be sent. */
  sayLast(): ChannelKey | null
  hasSaidLast(): boolean
  /** The store has gone back. */
  forget(): void
}

const mostUtterances = 6
const busy = [null, null, null, null, 'reject', 'interrupt', 'rollback', 'rollback'] as const

/** @param clock the store's, in ms */
export function createTalk(random: Random, clock: () => number): Talk {
  const key: ConversationKey = { account: localAccount, conversation: 'talk'.padEnd(16, '0') as ConversationId }
  const utterances = Array.from({ length: 3 + random.int(mostUtterances - 2) }, (_, index): Utterance => {
    const channel = `say${index}`.padEnd(16, '0') as ChannelId
    const state = {
      input: null,
      sentAt: 0,
      acceptedAt: null,
      isRefused: false,
      removal: 'unasked',
      mayHaveSpoken: false,
    } as const
    return { key: { account: localAccount, channel }, ...state, asked: new Set() }
  })
  const last = utterances.at(-1) as Utterance
  /** Ids of messages that may stand in the transcript. */
  const known: string[] = []
  let removals = 0
  const find = ({ channel }: ChannelKey) => utterances.find(({ key: of }) => of.channel === channel) ?? null

  const input = ({ channel }: ChannelKey, more: object) => {
    const messages = [{ id: `to-${channel}`, type: 'user', text: `to ${channel}` }]
    return parseDispatchInput({ channelId: channel, conversationId: key.conversation, messages, ...more }, [])
  }
  const draw = (of: ChannelKey): DispatchInput => {
    const upTo = known.length > 0 && random.chance(0.3) ? random.pick(known) : null
    const ended = utterances.filter((each) => each.acceptedAt !== null && each.removal === 'unasked')
    if (ended.length > 0 && random.chance(0.1)) {
      const more = { conversationId: null, continues: random.pick(ended).key.channel, continuesUpTo: upTo }
      return input(of, random.chance(0.5) ? { ...more, messages: [] } : more)
    }
    const more = { whenBusy: random.pick(busy), continuesUpTo: upTo }
    return input(of, upTo !== null && random.chance(0.5) ? { ...more, messages: [] } : more)
  }
  const inputOf = (of: ChannelKey): DispatchInput | null => {
    const utterance = find(of)
    if (utterance === null || utterance.removal !== 'unasked') return null
    if (utterance.input === null) {
      if (utterance === last) return null
      utterance.input = draw(of)
      utterance.sentAt = clock()
      known.push(...utterance.input.messages.map(({ id }) => id ?? ''))
    }
    return utterance.input
  }

  return {
    key,
    utterances,
    find,
    inputOf,
    accepted(of) {
      const utterance = find(of)
      if (utterance === null) return
      utterance.acceptedAt ??= clock()
      utterance.isRefused = false
    },
    mayBeRemoved: () => removals > 0,
    remove() {
      removals += 1
      const all = utterances.filter(({ acceptedAt, input }) => acceptedAt !== null && input?.conversationId != null)
      return (isRemoved) => {
        if (!isRemoved) removals -= 1
        else for (const utterance of all) Object.assign(utterance, { removal: 'removed', acceptedAt: null })
      }
    },
    refused(of, code) {
      const utterance = find(of)
      if (utterance === null || utterance.input === null) return `${of.channel} was refused, and nobody has sent it`
      const { continues, continuesUpTo, whenBusy } = utterance.input
      if (removals > 0) {
        // It may be gone along with all that it goes on from. Nobody can join what is being removed, for a while.
        utterance.acceptedAt = null
        utterance.isRefused = code !== 'CONFLICT'
        return null
      }
      if (utterance.acceptedAt !== null && utterance.removal === 'unasked') {
        return `${of.channel} was accepted, and then refused as ${code}`
      }
      utterance.isRefused = true
      // The message may be gone, or not there yet, or its own words there already; what it continues may not have ended, or be removed.
      const isExpected =
        (code === 'BAD_USER_INPUT' && (continuesUpTo !== null || utterance.mayHaveSpoken)) ||
        (code === 'CONFLICT' && (whenBusy === 'reject' || continues !== null)) ||
        (code === 'NOT_FOUND' && continues !== null)
      return isExpected ? null : `${of.channel} was refused as ${code}`
    },
    heard: (messageId) => void known.push(messageId),
    isMoot(of) {
      const utterance = find(of)
      if (utterance === null) return false
      return utterance.input === null || utterance.isRefused || utterance.removal === 'removed'
    },
    sayLast() {
      if (last.input !== null && !last.isRefused) return null
      last.input = input(last.key, { whenBusy: 'reject' })
      last.sentAt = clock()
      last.isRefused = false
      return last.key
    },
    hasSaidLast: () => last.acceptedAt !== null,
    forget() {
      for (const utterance of utterances) {
        utterance.acceptedAt = null
        utterance.isRefused = false
        if (utterance.removal !== 'unasked') utterance.mayHaveSpoken = true
        utterance.removal = 'unasked'
      }
    },
  }
}
