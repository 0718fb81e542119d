import { randomText } from '../../../src/kernel/random-text.ts'
import { declared } from '../../support/function/function-runs.ts'
import { ids } from '../../support/run/runs.ts'
import type { PlayedProvider } from '../played-provider.ts'
import type { Random } from '../random.ts'
import type { Words } from './say.ts'

const models = ['openai:gpt-5.4', 'openai-chat:gpt-4o', 'anthropic:claude-sonnet-4-5', 'compatible:gpt-4o'] as const
const busy = ['enqueue', 'enqueue', 'reject', 'interrupt', 'rollback', 'rollback', 'steer', 'steer'] as const
/** Those that are accepted whatever the store has lost. */
const busyAnyway = ['enqueue', 'enqueue', 'interrupt', 'rollback'] as const

export interface Drawn {
  readonly random: Random
  readonly provider: PlayedProvider
  readonly conversationId: string
  /** Ids of messages that may stand in the transcript. */
  readonly known: readonly string[]
  /** The store may lose what it had. */
  readonly isLossy: boolean
}

/** Words that are no others: providers tell them by this. */
export function minted(kind: string): string {
  return `${kind}${randomText(16).replaceAll(/[^A-Za-z0-9]/g, '0')}`
}

/** What somebody says next. */
export function drawWords(drawn: Drawn): Words {
  const { random, known, isLossy } = drawn
  const upTo = !isLossy && known.length > 0 && random.chance(0.2) ? random.pick(known) : null
  // Whoever steers brings messages, and nothing else that a run at work would not take.
  const whenBusy = random.pick<Words['whenBusy']>(isLossy ? busyAnyway : upTo === null ? busy : busy.slice(0, 6))
  const calls = Array.from({ length: random.int(3) }, () => [random.pick(['known', 'ask'])])
  return wordsOf(drawn, { whenBusy, upTo, calls, isSilent: upTo !== null && random.chance(0.5) })
}

/** The last word, which takes no place behind others. */
export function lastWords(drawn: Drawn): Words {
  const words = wordsOf(drawn, { whenBusy: 'reject', upTo: null, calls: [], isSilent: false })
  return { ...words, isCancelled: false }
}

interface Spoken {
  readonly whenBusy: Words['whenBusy']
  readonly upTo: string | null
  readonly calls: readonly (readonly string[])[]
  readonly isSilent: boolean
}

function wordsOf(drawn: Drawn, { whenBusy, upTo, calls, isSilent }: Spoken): Words {
  const { random, provider, conversationId } = drawn
  const channelId = ids.channelId()
  const messageId = isSilent ? null : minted('said')
  const limits = random.chance(0.3) ? drawLimits(random) : {}
  const { whenReached, ...numbers } = limits
  return {
    ...{ channelId, whenBusy, upTo, limits, messageId, isCancelled: random.chance(0.08) },
    input: {
      ...{ channelId, conversationId, model: random.pick(models) },
      whenBusy: whenBusy.toUpperCase(),
      backstory: provider.beginTalk(channelId, calls),
      messages: messageId === null ? [] : [{ id: messageId, type: 'USER', text: `say ${messageId}.` }],
      functions: [
        declared('known', { result: { data: { known: true } } }),
        declared('ask', { result: { await: true } }),
      ],
      ...(upTo !== null && { continuesUpTo: upTo }),
      ...(whenReached !== undefined && { limits: { ...numbers, whenReached: whenReached.toUpperCase() } }),
    },
  }
}

function drawLimits(random: Random): Words['limits'] {
  const whenReached = random.chance(0.8) ? 'pause' : 'end'
  return random.chance(0.5)
    ? { iterations: 1 + random.int(2), whenReached }
    : { tokens: random.pick([1, 150, 500]), whenReached }
}
