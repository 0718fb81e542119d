import type { Conversation } from '../converse.ts'
import type { Fleet } from '../fleet.ts'
import { createEndpoints, type Endpoints } from './endpoints.ts'
import { judgeTalk } from './judge-talk.ts'
import { startReceiver } from './receiver.ts'
import type { Utterance } from './say.ts'
import { type Talk, type TalkOptions, talk } from './talk.ts'

/** Conversations that are talked in, and the endpoints that are told of them. */
export interface Talks {
  /** What the service needs to tell them. */
  readonly env: Readonly<Record<string, string>>
  begin(options: TalkOptions): Promise<void>
  /** One conversation, to its last word; what is wrong with it as far as that shows now, and its dispatches as runs. */
  play(
    options: TalkOptions,
  ): Promise<{ readonly wrong: readonly string[]; readonly conversations: readonly Conversation[] }>
  removeEndpoint(): Promise<void>
  /** All of them, when nothing goes wrong any more. */
  judge(options: TalkOptions): Promise<string[]>
  /** How much happened. */
  counts(): Readonly<Record<string, number>>
  close(): Promise<void>
}

export async function startTalks(): Promise<Talks> {
  const receiver = await startReceiver()
  const talks: Talk[] = []
  let endpoints: Endpoints | null = null
  let pauses = 0
  const judged = ({ fleet, provider, patienceMs, isLossy }: TalkOptions, each: Talk) =>
    judgeTalk({ stored: fleet.stored, provider, isLost: isLossy && fleet.losses.length > 0, patienceMs }, each)

  return {
    env: {
      FETCH_ALLOW: `127.0.0.1:${receiver.port}`,
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      WEBHOOK_TIMEOUT_MS: '3000',
    },
    async begin(options) {
      endpoints = await createEndpoints(options, receiver)
    },
    async play(options) {
      const each = await talk(options)
      talks.push(each)
      return { wrong: [], conversations: each.utterances.filter(isDispatch).map(asRun) }
    },
    async removeEndpoint() {
      await endpoints?.remove()
    },
    async judge(options) {
      const { fleet, isLossy } = options
      const wrong = (await Promise.all(talks.map((each) => judged(options, each)))).flat()
      const utterances = talks.flatMap((each) => each.utterances).filter(isDispatch)
      const told = await Promise.all(utterances.map((each) => toldOf(fleet, each)))
      pauses = told.flatMap(({ log }) => log.filter(({ kind }) => kind === 'dispatch-paused')).length
      const late = (await endpoints?.judge(told)) ?? []
      // That it was removed may be lost.
      return [...wrong, ...late.filter((line) => !(isLossy && line.startsWith('/removed')))]
    },
    counts() {
      const all = talks.flatMap((each) => each.utterances)
      return {
        conversations: talks.length,
        refused: all.filter(({ acceptedAt }) => acceptedAt === null).length,
        handed: all.filter(({ handedTo }) => handedTo !== null).length,
        added: all.flatMap(({ added }) => added).length,
        pauses,
        raised: all.flatMap(({ raised }) => raised).length,
        deliveries: new Set(receiver.attempts.map(({ id }) => id)).size,
        attempts: receiver.attempts.length,
      }
    },
    close: () => receiver.close(),
  }
}

function isDispatch({ acceptedAt, handedTo }: Utterance): boolean {
  return acceptedAt !== null && handedTo === null
}

async function toldOf({ stored }: Fleet, { channelId, sentAt }: Utterance) {
  const { log } = await stored.read(channelId)
  return { channelId, sentAt, log }
}

function asRun(utterance: Utterance): Conversation {
  const { channelId, histories, answering, again } = utterance
  return { channelId, topic: channelId, histories, answering, again: async () => asRun(await again()) }
}
