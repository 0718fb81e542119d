import type { RaisedLimits } from '../../src/conversation/limits.ts'
import type { Failure } from '../../src/kernel/errors.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import type { Random } from '../faults/random.ts'
import type { TalkActsOptions } from './talk/talk-acts.ts'

export interface NudgeActsOptions extends TalkActsOptions {
  readonly random: Random
  readonly cancel: (key: ChannelKey) => void
}

/** What was acknowledged since the store last went back. */
export interface Nudged {
  /** Messages that were handed to runs. */
  readonly added: readonly { readonly channel: string; readonly id: string }[]
  /** Raises, each by its own limit on calls. */
  readonly raised: readonly { readonly channel: string; readonly calls: number }[]
}

export interface NudgeActs extends Nudged {
  add(key: ChannelKey): void
  raise(key: ChannelKey, much: 'a little' | 'to its end'): void
  /** For a run that is paused. One in three is never raised: its client gives up in the end, and cancels it. */
  endPause(key: ChannelKey, until: number): void
  forget(): void
}

/** What clients send to a run that goes on: messages, and other limits. */
export function createNudgeActs({ random, ask, cancel, era, count, onDefect }: NudgeActsOptions): NudgeActs {
  let added: { readonly channel: string; readonly id: string }[] = []
  let raised: { readonly channel: string; readonly calls: number }[] = []
  let additions = 0
  let raises = 0
  /** In how many rounds of calm nobody has raised it. */
  const unraised = new Map<string, number>()

  const codeOf = (asked: Promise<unknown>) =>
    asked.then(
      () => 'done',
      (error: Failure) => error.code ?? String(error),
    )
  const isExpected = (code: string) => ['done', 'NOT_FOUND', 'CONFLICT', 'UNAVAILABLE'].includes(code)
  /** Each raise sets another limit on calls, which nobody comes near: so it is known in the log. */
  const raise: NudgeActs['raise'] = (key, much) => {
    raises += 1
    const calls = 1000 + raises
    const some: RaisedLimits = random.pick([
      { iterations: 1 + random.int(5) },
      { tokens: 1 + random.int(9) },
      { cost: 1 + random.int(9) },
    ])
    const limits: RaisedLimits = { calls, ...(much === 'a little' ? some : { whenReached: 'end' }) }
    ask('raises', async (api) => {
      const mine = era()
      const code = await codeOf(api.raiseLimits(key, limits))
      count(`limits ${code}`)
      if (code === 'done' && mine === era()) raised.push({ channel: key.channel, calls })
      else if (!isExpected(code)) onDefect(`raising failed: ${code}`)
    })
  }

  return {
    /** Whoever gets no answer, or does not trust it, says the same again. */
    add(key) {
      additions += 1
      const id = `added${additions}-${key.channel}`
      const message = { id, type: 'user', text: id, meta: null } as const
      ask('added messages', async (api) => {
        const mine = era()
        for (let times = 1 + random.int(3); times > 0; times--) {
          const code = await codeOf(api.addMessages(key, [message]))
          count(`messages ${code}`)
          if (code === 'done' && mine === era()) added.push({ channel: key.channel, id })
          else if (!isExpected(code)) onDefect(`adding failed: ${code}`)
        }
      })
    },
    raise,
    endPause(key, until) {
      if (until % 3 > 0) return raise(key, 'to its end')
      const rounds = (unraised.get(key.channel) ?? 0) + 1
      unraised.set(key.channel, rounds)
      if (rounds > 1) cancel(key)
    },
    get added() {
      return added
    },
    get raised() {
      return raised
    },
    forget() {
      added = []
      raised = []
    },
  }
}
