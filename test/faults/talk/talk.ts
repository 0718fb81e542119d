import { setTimeout as sleep } from 'node:timers/promises'
import { ids } from '../../support/run/runs.ts'
import type { Surroundings } from '../clients.ts'
import type { PlayedProvider } from '../played-provider.ts'
import { messageIdsOf, say, type Utterance } from './say.ts'
import { drawWords, lastWords } from './words.ts'

export interface TalkOptions extends Surroundings {
  readonly provider: PlayedProvider
  readonly isLossy: boolean
}

export interface Talk {
  readonly conversationId: string
  readonly utterances: readonly Utterance[]
}

/** Two people say something into one conversation, each on as soon as they like; when all of it has ended, there is a last word. */
export async function talk(options: TalkOptions): Promise<Talk> {
  const { random, provider, isLossy } = options
  const conversationId = ids.channelId()
  const utterances: Utterance[] = []
  const speak = async (left: number): Promise<void> => {
    if (left === 0) return
    await sleep(random.int(random.pick([50, 800, 2500])))
    const known = isLossy ? [] : await messageIdsOf(options, conversationId)
    const words = drawWords({ random, provider, conversationId, known, isLossy })
    const saying = say(options, conversationId, words).then((utterance) => void utterances.push(utterance))
    // They do not wait for the answer, or do.
    await Promise.all(random.chance(0.6) ? [saying, speak(left - 1)] : [saying.then(() => speak(left - 1))])
  }
  await Promise.all([speak(1 + random.int(3)), speak(1 + random.int(3))])
  utterances.push(await sayLast(options, conversationId))
  return { conversationId, utterances }
}

/** All has ended: the line is put right soon, and then it is idle. */
async function sayLast(options: TalkOptions, conversationId: string): Promise<Utterance> {
  const { random, provider, isLossy, patienceMs } = options
  const words = lastWords({ random, provider, conversationId, known: [], isLossy })
  for (const deadline = Date.now() + patienceMs; ; await sleep(100)) {
    const last = await say(options, conversationId, words)
    if (last.acceptedAt !== null) return last
    if (Date.now() > deadline) throw new Error(`${conversationId} has come to its end, and rejects the last word`)
  }
}
