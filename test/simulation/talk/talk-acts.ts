import { Failure } from '../../../src/kernel/errors.ts'
import type { ChannelKey } from '../../../src/kernel/ids.ts'
import type { Api } from '../fleet.ts'
import type { Talk, Utterance } from './talk.ts'

export interface TalkActsOptions {
  /** Something that a client asks of some API. */
  readonly ask: (what: string, request: (api: Api) => Promise<void>) => void
  /** How often the store has gone back. */
  readonly era: () => number
  readonly count: (what: string) => void
  readonly onDefect: (what: string) => void
}

export interface TalkActs {
  /** In a conversation: what is said there, and whatever the answer is. */
  say(talk: Talk, key: ChannelKey): void
  /** Does nothing while somebody might begin it anew. */
  remove(utterance: Utterance): void
  removeConversation(talk: Talk): void
}

/** What clients of a conversation ask for. */
export function createTalkActs({ ask, era, count, onDefect }: TalkActsOptions): TalkActs {
  const say = ({ inputOf, find, accepted, refused }: Talk, key: ChannelKey) => {
    const input = inputOf(key)
    const utterance = find(key)
    if (input === null || utterance === null) return
    ask('dispatches', async (api) => {
      const mine = era()
      utterance.asked.add(api.process)
      try {
        await api.dispatchConversation(key.account, input)
        if (mine === era()) accepted(key)
      } catch (error) {
        const { code } = error as Failure
        const wrong = error instanceof Failure && code !== 'UNAVAILABLE' && mine === era() ? refused(key, code) : null
        if (wrong !== null) onDefect(wrong)
        else if (!(error instanceof Failure)) throw error
      } finally {
        utterance.asked.delete(api.process)
      }
    })
  }
  const remove = (utterance: Utterance) => {
    const { key, asked } = utterance
    // Who has asked for it, and waits, would have it begin anew.
    if (utterance.acceptedAt === null || [...asked].some(({ isDead }) => !isDead)) return
    utterance.removal = 'asked'
    ask('removals', async (api) => {
      const mine = era()
      const removal = await api.removals.dispatch(key)
      if (mine !== era()) return
      count(`${removal} when it was to be removed`)
      // One before it has not ended.
      if (removal === 'not-ended') Object.assign(utterance, { removal: 'unasked' })
      else Object.assign(utterance, { removal: 'removed' })
    })
  }
  const removeConversation = ({ key, remove: removing }: Talk) =>
    ask('removals of the conversation', async (api) => {
      const mine = era()
      const told = removing()
      const removal = await api.removals.conversation(key)
      count(`${removal}: the conversation that was to be removed`)
      if (mine === era()) told(removal === 'removed')
    })
  return { say, remove, removeConversation }
}
